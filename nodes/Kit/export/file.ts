import { Hash } from 'crypto';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import { LISTS } from '../../shared/lists';
import { readRows, walkPages } from '../../shared/transport/pagination';
import type { Item, Returns } from '../operation/operation';
import type { Delimiter } from './csv';
import { columnsOf, csv } from './csv';
import { fileName } from './fileName';
import { gzip } from './gzip';
import { ndjson } from './ndjson';

/** By format, which is the extension of the file's name as well. */
const MIME_TYPES = {
	csv: 'text/csv',
	ndjson: 'application/x-ndjson',
};

/** What the fields of an export say. */
interface FileSettings {
	format: keyof typeof MIME_TYPES;
	binaryPropertyName: string;
	compress?: boolean;
	delimiter?: Delimiter;
	fileName?: string;
}

/**
 * All rows of a list as a file. No more than a page of them is held at a time, so that their number
 * does not matter: n8n takes the file as a stream, and where it keeps binary data on a disk, writes it
 * there as it comes. A file that could not be finished is none.
 * @param key where the rows stand in each response, such as `subscribers`
 */
export function file(key: string): Returns {
	return { readItem: async (item) => [await writeFile(item, key)] };
}

async function writeFile(item: Item, key: string): Promise<INodeExecutionData> {
	const { context, client, request, itemIndex } = item;
	const settings = item.settings as unknown as FileSettings;
	const { format, compress = false, delimiter = ',' } = settings;
	let count = 0;
	async function* pages() {
		for await (const { rows } of walkPages(client, request, key)) {
			count += rows.length;
			yield rows;
		}
	}
	const text = format === 'csv' ? csv(pages(), await columns(item), delimiter) : ndjson(pages());
	const bytes = encoded(text);
	// n8n wants a stream of Node's; this is how to come by one without importing `stream`.
	const stream = Hash.from(compress ? gzip(bytes) : bytes);
	const binary = await context.helpers.prepareBinaryData(
		stream,
		fileName(context, settings.fileName, [format, ...(compress ? ['gz'] : [])]),
		compress ? 'application/gzip' : MIME_TYPES[format],
	);
	return {
		json: { [key]: count, format, file_name: binary.fileName, bytes: binary.bytes },
		binary: { [settings.binaryPropertyName]: binary },
		pairedItem: { item: itemIndex },
	};
}

/** A custom field is a column whether anyone has filled it in or not, so Kit is asked for them all. */
async function columns({ client, request }: Item) {
	const { include, slim } = request.query ?? {};
	const { path, key } = LISTS.customFields;
	const customFields: IDataObject[] = slim === true ? [] : await readRows(client, { path }, key);
	return columnsOf(toText(include).split(','), customFields);
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
	for await (const text of texts) yield Buffer.from(text);
}
