import type { IDataObject } from 'n8n-workflow';

const LONGEST_TEXT = 120;
const MOST_ROWS = 2;

/** What is new with every run or day, or nobody's business, by its key. */
const REPLACED: Record<string, unknown> = {
	duration_ms: 48,
	file_name: 'subscribers-2026-11-23.csv',
	secret: 'whsec_…',
};

/** Kit gives each event an id of this kind, new with every run. */
const EVENT_ID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

function replaced(key: string, value: unknown): unknown {
	if (key === 'id' && typeof value === 'string' && EVENT_ID.test(value)) {
		return '2f1d7c5e-9b40-4c6a-8e13-70d2b9a4f658';
	}
	return key in REPLACED ? REPLACED[key] : sample(value);
}

/**
 * @param value something that came out of a node
 * @returns the same with lists and texts cut short, without secrets, and the same with every run
 */
export function sample(value: unknown): unknown {
	if (typeof value === 'string') {
		const text = value.replaceAll(/(session_token=|whsec_)\w+/g, '$1…');
		return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
	}
	if (Array.isArray(value)) return value.slice(0, MOST_ROWS).map(sample);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, inner]) => [key, replaced(key, inner)]),
	);
}

/**
 * @param item an item as it came out of a node
 * @returns a block of Markdown with a sample of it
 */
export function exampleBlock(item: IDataObject): string {
	return `\`\`\`json\n${JSON.stringify(sample(item), null, 2)}\n\`\`\``;
}

/**
 * @param items of one operation
 * @returns the one that shows most: with the fewest values missing
 */
export function fullest(items: readonly IDataObject[]): IDataObject | undefined {
	const missing = (item: IDataObject) => JSON.stringify(item).split(':null').length;
	return [...items].sort((one, other) => missing(one) - missing(other))[0];
}
