import type {
	IDataObject,
	IExecutePaginationFunctions,
	INodeExecutionData,
	INodePropertyRouting,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { unknownAddress, unreadableAnswer } from '../shared/errors';
import { asText } from './fields/checks';
import { readRows } from '../shared/pages';
import type { KitBody, KitRequest } from '../shared/send';
import { send } from '../shared/send';

/**
 * The part of an operation's `routing` that says what comes of its request. n8n's declarative engine
 * and this node's own runner (`run.ts`) both hand the finished request to its pagination function, so
 * whichever runs the operation, it is sent and read the same way.
 */
export type Answer = Pick<INodePropertyRouting, 'send' | 'operations'>;

type Read = (this: IExecutePaginationFunctions, request: KitRequest) => Promise<IDataObject[]>;

function answer(read: Read): Answer {
	return {
		send: { paginate: true },
		operations: {
			async pagination({ options }): Promise<INodeExecutionData[]> {
				const item = this.getItemIndex();
				const rows = await read.call(this, options as KitRequest);
				return rows.map((json) => ({ json, pairedItem: { item } }));
			},
		},
	};
}

/** What of a record becomes output, where not all of it should. */
type Show = (row: IDataObject, context: IExecutePaginationFunctions) => IDataObject;

const everything: Show = (row) => row;

/**
 * One record, out of its envelope.
 * @param key the envelope, such as `tag`
 * @param show what of the record becomes output
 */
export function record(key: string, show = everything): Answer {
	return answer(async function (request) {
		const body = await send(this, request);
		const found = body[key];
		if (!isRecord(found)) throw unreadableAnswer(this.getNode(), `it has no “${key}”`);
		return [show(withWarnings(found, body), this)];
	});
}

/**
 * One record that was asked for by its ID or looked for in a list.
 * @param key the envelope of the record, such as `subscriber`
 * @param listKey where the rows of the list stand, such as `subscribers`
 */
export function recordOrFirst(key: string, listKey: string): Answer {
	return answer(async function (request) {
		const body = await send(this, request);
		const rows = body[listKey];
		const found = Array.isArray(rows) ? (rows as unknown[])[0] : body[key];
		if (isRecord(found)) return [found];
		if (!Array.isArray(rows)) throw unreadableAnswer(this.getNode(), `it has no “${key}”`);
		throw unknownAddress(this.getNode(), asText(request.qs?.email_address));
	});
}

/**
 * Everything that Kit answers, where there is no single record to take out of an envelope.
 * @param key an envelope that is taken off where it is there; the documentation does not say for all
 */
export function wholeAnswer(key = ''): Answer {
	return answer(async function (request) {
		const body = await send(this, request);
		const found = body[key];
		return [isRecord(found) ? found : (body as IDataObject)];
	});
}

/** Operations that Kit answers with 204 and nothing else. */
export function success(): Answer {
	return answer(async function (request) {
		await send(this, request);
		return [{ success: true }];
	});
}

/**
 * The rows of a list, page after page, all or as many as Limit says.
 * @param key where the rows stand in each answer, such as `tags`
 * @param show what of each row becomes output
 * @param read collects the rows, as `readRows` does
 */
export function list(key: string, show = everything, read = readRows): Answer {
	return answer(async function (request) {
		if (this.getNodeParameter('onlyCount', false) === true) return [await count(this, request)];
		const rows = await read(this, request, key, wantedRows(this));
		return rows.map((row) => show(row, this));
	});
}

/**
 * The rows of a list that comes in one piece, all or as many as Limit says.
 * @param key where the rows stand in the answer
 * @param show what of each row becomes output
 */
export function unpagedList(key: string, show = everything): Answer {
	return answer(async function (request) {
		const rows = (await send(this, request))[key];
		if (!Array.isArray(rows)) throw unreadableAnswer(this.getNode(), `it has no “${key}”`);
		return (rows as IDataObject[]).slice(0, wantedRows(this)).map((row) => show(row, this));
	});
}

/** Kit counts only when it is asked to, since that is slow (Kit's documentation). */
async function count(
	context: IExecutePaginationFunctions,
	request: KitRequest,
): Promise<IDataObject> {
	const qs = { ...request.qs, per_page: 1, include_total_count: true };
	const { pagination } = await send(context, { ...request, qs });
	const total = (pagination as IDataObject | undefined)?.total_count;
	if (typeof total === 'number') return { total_count: total };
	throw unreadableAnswer(context.getNode(), 'it has no “total_count”');
}

/** @returns how many rows Return All and Limit ask for */
function wantedRows(context: IExecutePaginationFunctions): number {
	if (context.getNodeParameter('returnAll', false) === true) return Infinity;
	const limit = Number(context.getNodeParameter('limit', 50));
	if (Number.isInteger(limit) && limit > 0) return limit;
	throw new NodeOperationError(context.getNode(), 'Limit must be a whole number above 0', {
		itemIndex: context.getItemIndex(),
	});
}

function isRecord(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Kit says beside a record what of it was ignored, such as unknown custom fields. */
function withWarnings(found: IDataObject, { warnings }: KitBody): IDataObject {
	return Array.isArray(warnings) && warnings.length > 0 ? { ...found, warnings } : found;
}
