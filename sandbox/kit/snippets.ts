import type { Account } from './account';
import { slugOf } from './account';
import { iso } from './dates';
import { listed, one } from './pages';
import { answer, existing, invalid } from './route';
import type { Answer, Call, Operations } from './route';
import { isLike, without } from './rows';

interface Sent {
	name?: string;
	snippet_type?: 'inline' | 'block';
	archived?: boolean;
	content?: string;
	document_attributes?: { value_html: string };
}

/** The text of a snippet where its type has it. */
function bodyOf(type: Sent['snippet_type'], text: string) {
	const [content, value_html] = type === 'block' ? ['', text] : [text, null];
	return { content, value_html };
}

/** A key that follows from a name and is not taken. */
function keyOf(account: Account, name: string, number = 1): string {
	const key = number === 1 ? slugOf(name) : `${slugOf(name)}-${String(number)}`;
	const isTaken = account.snippets.some((other) => other.key === key);
	return isTaken ? keyOf(account, name, number + 1) : key;
}

function newSnippet(account: Account, { name = '', snippet_type = 'inline', ...sent }: Sent) {
	const fresh = account.fresh({});
	const text = sent.content ?? sent.document_attributes?.value_html ?? '';
	const { content, value_html } = bodyOf(snippet_type, text);
	const document = { id: account.nextId(), value: null, value_plain: null, version: 1 };
	return {
		...fresh,
		updated_at: fresh.created_at,
		name,
		snippet_type,
		archived: sent.archived ?? false,
		/** What `{{ snippet.key }}` names; it stays when the name changes. */
		key: keyOf(account, name),
		/** The text of an inline snippet. */
		content,
		/** The HTML of a block, among others. */
		document: { ...document, value_html },
	};
}

/** A piece of content to be used in many emails. */
export type Snippet = ReturnType<typeof newSnippet>;

const textOf = ({ content, document }: Snippet) => document.value_html ?? content;

/** The keys that a text names by `{{ snippet.key }}`. */
function keysIn(text: string): string[] {
	return [...text.matchAll(/{{\s*snippet\.([\w-]+)/g)].map(([, key = '']) => key);
}

/** Refuses no text, and one that would put a snippet into itself, directly or through others. */
function checkText({ snippets }: Account, key: string, text: string): void {
	if (text.trim() === '') throw invalid("Content can't be blank");
	const named = new Set(keysIn(text));
	// A set that grows while it is walked through is walked through to its new end.
	for (const each of named) {
		const other = snippets.find((snippet) => snippet.key === each);
		for (const inner of other && each !== key ? keysIn(textOf(other)) : []) named.add(inner);
	}
	if (named.has(key)) throw invalid('content cannot contain a circular snippet reference');
}

/** Adds a snippet; its name need not be free. */
export function addSnippet(account: Account, sent: Sent): Snippet {
	const snippet = newSnippet(account, sent);
	checkText(account, snippet.key, textOf(snippet));
	return account.add('snippets', snippet);
}

function update({ account, ids, body }: Call<Sent>): Answer {
	const snippet = existing(account.snippets, ids.id);
	const { snippet_type: type, document } = snippet;
	const { name = snippet.name, archived = snippet.archived, content } = body;
	const html = body.document_attributes?.value_html;
	const ofOtherType = (type === 'inline' ? html : content) !== undefined;
	if (ofOtherType || (body.snippet_type ?? type) !== type) {
		throw invalid('snippet_type cannot be changed');
	}
	const text = content ?? html ?? textOf(snippet);
	checkText(account, snippet.key, text);
	const version = document.version + Number(text !== textOf(snippet));
	const { value_html, content: written } = bodyOf(type, text);
	const change = { name, archived, content: written, updated_at: iso(account.now()) };
	Object.assign(snippet, { ...change, document: { ...document, value_html, version } });
	return answer({ snippet });
}

/** Kit's endpoints for snippets. */
export const snippetOperations: Operations = {
	'GET /snippets': (
		call: Call<object, { snippet_type?: string; archived?: boolean; include_content?: boolean }>,
	) => {
		const { snippet_type, archived = false, include_content: whole } = call.query;
		const keep = (snippet: Snippet) => isLike(snippet, { snippet_type, archived });
		return listed(call, 'snippets', { rows: call.account.snippets, keep }, (snippet) =>
			whole === true ? snippet : without(snippet, 'content', 'document'),
		);
	},
	'POST /snippets': ({ account, body }: Call<Sent>) =>
		answer({ snippet: addSnippet(account, body) }, 201),
	'GET /snippets/{id}': one('snippets'),
	'PUT /snippets/{id}': update,
};
