import { Hash } from 'crypto';
import type { IDataObject, IExecutePaginationFunctions, INodeExecutionData } from 'n8n-workflow';
import { readRows, walkPages } from '../../shared/pages';
import type { KitRequest } from '../../shared/send';
import type { Answer } from '../answers';
import { asText, listOf, required, yesOrNo } from '../fields/checks';
import { checked, refusal } from '../fields/sent';
import { columnsOf, csv, isDelimiter } from './csv';
import { fileName } from './fileName';
import { gzip } from './gzip';
import { ndjson } from './ndjson';

/** By what Format holds, which is the extension of the file's name as well. */
const MIME_TYPES: Record<string, string> = {
	csv: 'text/csv',
	ndjson: 'application/x-ndjson',
};

/**
 * All rows of a list as a file. No more than a page of them is held at a time, so that their number
 * does not matter: n8n takes the file as a stream, and where it keeps binary data on a disk, writes it
 * there as it comes. A file that could not be finished is none.
 * @param key where the rows stand in each answer, such as `subscribers`
 */
export function file(key: string): Answer {
	return {
		send: { paginate: true },
		operations: {
			async pagination({ options }): Promise<INodeExecutionData[]> {
				return [await writeFile(this, options as KitRequest, key)];
			},
		},
	};
}

async function writeFile(
	context: IExecutePaginationFunctions,
	request: KitRequest,
	key: string,
): Promise<INodeExecutionData> {
	const format = asText(context.getNodeParameter('format', 'csv'));
	const mimeType = MIME_TYPES[format];
	if (mimeType === undefined) throw refusal(context, 'Format must be csv or ndjson');
	const property = context.getNodeParameter('binaryPropertyName', 'data');
	const field = asText(checked(context, 'Put Output File in Field', property, required));
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const { delimiter = ',' } = options;
	if (!isDelimiter(delimiter))
		throw refusal(context, 'Delimiter must be a comma, a semicolon or a tab');
	const compress = checked(context, 'Compress (Gzip)', options.compress, yesOrNo) === true;

	let count = 0;
	async function* pages() {
		for await (const { rows } of walkPages(context, request, key)) {
			count += rows.length;
			yield rows;
		}
	}
	const text =
		format === 'csv' ? csv(pages(), await columns(context, request), delimiter) : ndjson(pages());
	const bytes = encoded(text);
	// n8n wants a stream of Node's; this is how to come by one without importing `stream`.
	const stream = Hash.from(compress ? gzip(bytes) : bytes);
	const binary = await context.helpers.prepareBinaryData(
		stream,
		fileName(context, options.fileName, [format, ...(compress ? ['gz'] : [])]),
		compress ? 'application/gzip' : mimeType,
	);
	return {
		json: { [key]: count, format, file_name: binary.fileName, bytes: binary.bytes },
		binary: { [field]: binary },
		pairedItem: { item: context.getItemIndex() },
	};
}

/** A custom field is a column whether anyone has filled it in or not, so Kit is asked for them all. */
async function columns(context: IExecutePaginationFunctions, request: KitRequest) {
	const { include, slim } = request.qs ?? {};
	const fields = { ...request, url: '/kit/v4/custom_fields', qs: {} };
	const customFields =
		asText(slim) === 'true' ? [] : await readRows(context, fields, 'custom_fields');
	return columnsOf(listOf(asText)(include) as string[], customFields);
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
	for await (const text of texts) yield Buffer.from(text);
}
