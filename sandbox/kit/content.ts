import type { Account } from './account';
import { slugOf } from './account';
import { iso } from './dates';
import { listed, listOfAll } from './pages';
import { answer, existing, invalid } from './route';
import type { Answer, Call, Operations } from './route';
import { isLike, without } from './rows';
import type { Snippet } from './rows';

interface SentSnippet {
	name?: string;
	snippet_type?: Snippet['snippet_type'];
	archived?: boolean;
	content?: string;
	document_attributes?: { value_html: string };
}

const textOf = ({ content, document }: Snippet) => document.value_html ?? content;

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
		if (other && !seen.has(named)) waiting.push(...keysIn(textOf(other)));
		seen.add(named);
	}
}

/** A key that follows from a name and is not taken. */
function keyOf(account: Account, name: string, number = 1): string {
	const key = number === 1 ? slugOf(name) : `${slugOf(name)}-${String(number)}`;
	const isTaken = account.snippets.some((other) => other.key === key);
	return isTaken ? keyOf(account, name, number + 1) : key;
}

/** The text of a snippet where its type has it. */
function bodyOf(type: Snippet['snippet_type'], text: string) {
	const isInline = type === 'inline';
	return { content: isInline ? text : '', value_html: isInline ? null : text };
}

/** Adds a snippet; its name need not be free. */
export function addSnippet(
	account: Account,
	about: Pick<Snippet, 'name' | 'snippet_type'> & Partial<Snippet>,
	text: string,
): Snippet {
	const { content, value_html } = bodyOf(about.snippet_type, text);
	const fresh = account.fresh();
	const document = { id: account.nextId(), value: null, value_plain: null, version: 1 };
	const snippet: Snippet = {
		...fresh,
		updated_at: fresh.created_at,
		archived: false,
		key: keyOf(account, about.name),
		...about,
		content,
		document: { ...document, value_html },
	};
	refuseCircle(account, snippet.key, text);
	account.snippets.push(snippet);
	return snippet;
}

function listSnippets(
	call: Call<object, { snippet_type?: string; archived?: boolean; include_content?: boolean }>,
): Answer {
	const { snippet_type, archived = false, include_content: whole } = call.query;
	const keep = (snippet: Snippet) => isLike(snippet, { snippet_type, archived });
	return listed(call, 'snippets', { rows: call.account.snippets, keep }, (snippet) =>
		whole === true ? snippet : without(snippet, 'content', 'document'),
	);
}

function createSnippet({ account, body }: Call<SentSnippet>): Answer {
	const { name = '', snippet_type = 'inline', content, document_attributes: block } = body;
	const text = content ?? block?.value_html ?? '';
	if (text.trim() === '') throw invalid("Content can't be blank");
	return answer({ snippet: addSnippet(account, { name, snippet_type }, text) }, 201);
}

function updateSnippet({ account, ids, body }: Call<SentSnippet>): Answer {
	const snippet = existing(account.snippets, ids.id);
	const { snippet_type: type, document } = snippet;
	const { name = snippet.name, archived = snippet.archived, content } = body;
	const html = body.document_attributes?.value_html;
	const ofOtherType = (type === 'inline' ? html : content) !== undefined;
	if (ofOtherType || (body.snippet_type ?? type) !== type) {
		throw invalid('snippet_type cannot be changed');
	}
	const text = content ?? html ?? textOf(snippet);
	if (text.trim() === '') throw invalid("Content can't be blank");
	refuseCircle(account, snippet.key, text);
	const version = document.version + Number(text !== textOf(snippet));
	const { value_html, content: written } = bodyOf(type, text);
	const change = { name, archived, content: written, updated_at: iso(account.now()) };
	Object.assign(snippet, { ...change, document: { ...document, value_html, version } });
	return answer({ snippet });
}

/** Kit's endpoints for snippets, posts, email templates and segments. */
export const contentOperations: Operations = {
	'GET /snippets': listSnippets,
	'POST /snippets': createSnippet,
	'GET /snippets/{id}': ({ account, ids }: Call) =>
		answer({ snippet: existing(account.snippets, ids.id) }),
	'PUT /snippets/{id}': updateSnippet,
	'GET /posts': listOfAll(
		'posts',
		({ posts }) => posts,
		(post, { query }: Call<object, { include_content?: boolean }>) =>
			query.include_content === true ? post : without(post, 'content'),
	),
	'GET /posts/{id}': ({ account, ids }: Call) => answer({ post: existing(account.posts, ids.id) }),
	'GET /email_templates': listOfAll('email_templates', (one) => one.emailTemplates),
	'GET /segments': listOfAll('segments', ({ segments }) => segments),
};
