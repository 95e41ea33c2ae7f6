import { Hash } from 'crypto';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import { LISTS } from '../../shared/lists';
import { readRows } from '../../shared/transport/pagination';
import type { RangeUse } from '../../shared/transport/rangeReader';
import { orWithoutRanges, walkSortedList } from '../../shared/transport/sortedList';
import type { Item, Returns } from '../operation/operation';
import type { Delimiter, FileFormat } from './csv';
import { columnsOf, csv } from './csv';
import { fileName } from './fileName';
import { gzip } from './gzip';
import { ndjson } from './ndjson';

/** By format, which is the extension of the file's name as well. */
const MIME_TYPES = {
	csv: 'text/csv',
	ndjson: 'application/x-ndjson',
};

/** So many lines may wait for those before them, where a far list is read in ranges. */
const MOST_HELD = 120_000;

/** What the fields of an export say. */
interface FileSettings {
	format: keyof typeof MIME_TYPES;
	binaryPropertyName: string;
	compress?: boolean;
	delimiter?: Delimiter;
	fileName?: string;
}

/**
 * All rows of a list as a file. No more than some of them are held at a time, so that their number does
 * not matter: n8n takes the file as a stream, and where it keeps binary data on a disk, writes it
 * there as it comes. A file that could not be finished is none.
 * @param key where the rows stand in each response, such as `subscribers`
 */
export function file(key: string): Returns {
	return {
		async readItem(item) {
			const format = await formatOf(item);
			return [await orWithoutRanges(async (ranges) => await writeFile(item, key, format, ranges))];
		},
	};
}

async function writeFile(
	item: Item,
	key: string,
	format: FileFormat,
	ranges: RangeUse,
): Promise<INodeExecutionData> {
	const { context, client, request, itemIndex } = item;
	const settings = item.settings as unknown as FileSettings;
	const { format: extension, compress = false } = settings;
	const { head, line } = format;
	let count = 0;
	async function* lines() {
		if (head !== '') yield Buffer.from(head);
		const options = { toValue: line, mostHeld: MOST_HELD, ranges };
		for await (const some of walkSortedList(client, request, key, options)) {
			count += some.length;
			yield Buffer.from(some.join(''));
		}
	}
	let bytes = 0;
	/** Older versions of n8n do not say how large a file is. */
	async function* counted(parts: AsyncIterable<Uint8Array>) {
		for await (const part of parts) {
			bytes += part.length;
			yield part;
		}
	}
	// n8n wants a stream of Node's; this is how to come by one without importing `stream`.
	const stream = Hash.from(counted(compress ? gzip(lines()) : lines()));
	const binary = await context.helpers.prepareBinaryData(
		stream,
		fileName(context, settings.fileName, [extension, ...(compress ? ['gz'] : [])]),
		compress ? 'application/gzip' : MIME_TYPES[extension],
	);
	return {
		json: { [key]: count, format: extension, file_name: binary.fileName, bytes },
		binary: { [settings.binaryPropertyName]: binary },
		pairedItem: { item: itemIndex },
	};
}

async function formatOf(item: Item): Promise<FileFormat> {
	const { format, delimiter = ',' } = item.settings as unknown as FileSettings;
	return format === 'csv' ? csv(await columns(item), delimiter) : ndjson;
}

/** A custom field is a column whether anyone has filled it in or not, so Kit is asked for them all. */
async function columns({ client, request }: Item) {
	const { include, slim } = request.query ?? {};
	const { path, key } = LISTS.customFields;
	const customFields: IDataObject[] = slim === true ? [] : await readRows(client, { path }, key);
	return columnsOf(toText(include).split(','), customFields);
}
