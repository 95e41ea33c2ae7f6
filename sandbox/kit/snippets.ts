import { slugOf } from './addresses';
import { iso } from './dates';
import { booleanIn, requiredText } from './fields';
import { page } from './pages';
import { answer, choiceIn, idIn, invalid, isSet, notFound, objectOf } from './route';
import type { Answer, Call, Route } from './route';
import { byId } from './state';
import type { Account, Snippet } from './state';

const TYPES = ['inline', 'block'] as const;

function snippetRow(snippet: Snippet) {
	return {
		id: snippet.id,
		name: snippet.name,
		snippet_type: snippet.type,
		archived: snippet.archived,
		key: snippet.key,
		created_at: iso(snippet.createdAt),
		updated_at: iso(snippet.updatedAt),
	};
}

function bodyOf(snippet: Snippet) {
	const isInline = snippet.type === 'inline';
	return {
		content: isInline ? snippet.body : '',
		document: {
			id: snippet.documentId,
			value: null,
			value_html: isInline ? null : snippet.body,
			value_plain: null,
			version: snippet.version,
		},
	};
}

/** The keys that a text names by `{{ snippet.key }}`. */
function keysIn(text: string): string[] {
	return [...text.matchAll(/{{\s*snippet\.([\w-]+)/g)].map(([, key]) => key ?? '');
}

/** Refuses a text that would put a snippet into itself, directly or through others. */
function refuseCircle(account: Account, key: string, text: string): void {
	const seen = new Set<string>();
	const waiting = keysIn(text);
	for (const named of waiting) {
		if (named === key) throw invalid('content cannot contain a circular snippet reference');
		const other = account.snippets.find((snippet) => snippet.key === named);
		if (other && !seen.has(named)) waiting.push(...keysIn(other.body));
		seen.add(named);
	}
}

function htmlIn(value: unknown): string {
	return requiredText(objectOf(value).value_html, 'document_attributes.value_html');
}

/** A key that follows from a name and is not taken. */
function keyOf(account: Account, name: string): string {
	const key = slugOf(name);
	const taken = (candidate: string) => account.snippets.some((other) => other.key === candidate);
	let candidate = key;
	for (let number = 2; taken(candidate); number += 1) candidate = `${key}-${String(number)}`;
	return candidate;
}

function listSnippets({ account, query }: Call): Answer {
	const type = choiceIn(query.snippet_type, 'snippet_type', TYPES);
	const archived = isSet(query.archived);
	const keep = (snippet: Snippet) =>
		snippet.archived === archived && (type === undefined || snippet.type === type);
	const list = { rows: account.snippets, key: ({ id }: Snippet) => [id], keep };
	const { rows, pagination } = page(list, query);
	const row = (snippet: Snippet) => ({
		...snippetRow(snippet),
		...(isSet(query.include_content) && bodyOf(snippet)),
	});
	return answer({ snippets: rows.map(row), pagination });
}

function create({ account, body }: Call): Answer {
	const name = requiredText(body.name, 'name');
	const type = choiceIn(requiredText(body.snippet_type, 'snippet_type'), 'snippet_type', TYPES);
	const isInline = type === 'inline';
	const text = isInline ? requiredText(body.content, 'content') : htmlIn(body.document_attributes);
	const key = keyOf(account, name);
	refuseCircle(account, key, text);
	const now = account.now();
	const snippet: Snippet = {
		id: account.nextId(),
		type: isInline ? 'inline' : 'block',
		key,
		createdAt: now,
		documentId: account.nextId(),
		name,
		body: text,
		archived: false,
		updatedAt: now,
		version: 1,
	};
	account.snippets.push(snippet);
	return answer({ snippet: { ...snippetRow(snippet), ...bodyOf(snippet) } }, 201);
}

function snippetIn(call: Call): Snippet {
	const snippet = byId(call.account.snippets, idIn(call));
	if (snippet === undefined) throw notFound();
	return snippet;
}

function get(call: Call): Answer {
	const snippet = snippetIn(call);
	return answer({ snippet: { ...snippetRow(snippet), ...bodyOf(snippet) } });
}

function update(call: Call): Answer {
	const { account, body } = call;
	const snippet = snippetIn(call);
	const isInline = snippet.type === 'inline';
	const { name, content, document_attributes: attributes, snippet_type: type } = body;
	const ofOtherType = (isInline ? attributes : content) !== undefined;
	if (ofOtherType || (type !== undefined && type !== snippet.type)) {
		throw invalid('snippet_type cannot be changed');
	}
	const newName = name === undefined ? snippet.name : requiredText(name, 'name');
	const sent = isInline ? content : attributes;
	const read = isInline ? () => requiredText(content, 'content') : () => htmlIn(attributes);
	const text = sent === undefined ? snippet.body : read();
	const archived = booleanIn(body.archived, 'archived') ?? snippet.archived;
	refuseCircle(account, snippet.key, text);
	if (text !== snippet.body) snippet.version += 1;
	Object.assign(snippet, { name: newName, body: text, archived, updatedAt: account.now() });
	return answer({ snippet: { ...snippetRow(snippet), ...bodyOf(snippet) } });
}

/** Kit's endpoints for snippets. */
export const snippetRoutes: readonly Route[] = [
	{ method: 'GET', path: '/snippets', handle: listSnippets },
	{ method: 'POST', path: '/snippets', handle: create },
	{ method: 'GET', path: '/snippets/:id', handle: get },
	{ method: 'PUT', path: '/snippets/:id', handle: update },
];
