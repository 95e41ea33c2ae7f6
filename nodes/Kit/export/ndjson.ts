import type { IDataObject } from 'n8n-workflow';

/**
 * @param pages rows, page after page
 * @returns each row as Kit sent it, on a line of its own, in pieces of one page
 */
export async function* ndjson(pages: AsyncIterable<IDataObject[]>): AsyncGenerator<string> {
	for await (const rows of pages) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
