import { LazyPackageDirectoryLoader } from 'n8n-core';
import type { IConnections, IDataObject, INode, INodeParameters, INodeType } from 'n8n-workflow';
import { NodeConnectionTypes, NodeHelpers } from 'n8n-workflow';
import { itemSource, nodeTypes, plainNode, runWorkflow } from '../test/support/n8n';
import type { Credential } from './sandbox';

/** A node of n8n's own: its type, and the parameters that a person would set. */
interface Step {
	type: 'httpRequest' | 'splitOut';
	parameters: INodeParameters;
}

/** What a person sends for each item, where expressions are between `{{` and `}}`. */
export interface EachRequest {
	/** POST by default */
	method?: 'GET' | 'POST';
	path: string;
	/** JSON */
	body?: string;
}

/** As many as Maton allows. */
const PACE = { batchSize: 10, batchInterval: 1000 };

const pairs = (values: Record<string, string>) => ({
	parameters: Object.entries(values).map(([name, value]) => ({ name, value })),
});

/** @returns what runs the nodes in a row, and returns how many items came out of the last */
async function workflowOf(modules: string, items: IDataObject[], steps: Step[]) {
	const loader = new LazyPackageDirectoryLoader(`${modules}/n8n-nodes-base`);
	await loader.loadAll();
	const types = {
		items: itemSource(items),
		httpRequest: loader.getNode('httpRequest').type as INodeType,
		splitOut: loader.getNode('splitOut').type as INodeType,
	};
	const nodes = steps.map(({ type, parameters }, index): INode => {
		const { description } = nodeTypes(types).getByNameAndVersion(type);
		const version = description.defaultVersion ?? description.version;
		const node: INode = {
			...plainNode(`Step ${String(index + 1)}`, type),
			typeVersion: Array.isArray(version) ? Math.max(...version) : version,
		};
		const { properties } = description;
		const all = NodeHelpers.getNodeParameters(
			properties,
			parameters,
			true,
			false,
			node,
			description,
		);
		return { ...node, parameters: all ?? parameters };
	});
	const chain = [plainNode('Items', 'items'), ...nodes];
	const connections: IConnections = Object.fromEntries(
		nodes.map(({ name }, index) => [
			chain[index]?.name ?? '',
			{ main: [[{ node: name, type: NodeConnectionTypes.Main, index: 0 }]] },
		]),
	);
	return async () => {
		const { data } = await runWorkflow(chain, connections, types, {});
		if (data.resultData.error) throw data.resultData.error;
		const last = data.resultData.runData[chain.at(-1)?.name ?? ''];
		return last?.at(-1)?.data?.main?.[0]?.length;
	};
}

/**
 * The list of all subscribers as a person would build it without this package: HTTP Request with its
 * pagination, and Split Out.
 * @param modules the `node_modules` folder of n8n
 * @returns what runs it, and returns how many items came
 */
export async function listByHttpRequest(modules: string, { apiKey, baseUrl }: Credential) {
	return await workflowOf(
		modules,
		[{}],
		[
			{
				type: 'httpRequest',
				parameters: {
					url: `${baseUrl}/kit/v4/subscribers`,
					sendQuery: true,
					queryParameters: pairs({ per_page: '1000', status: 'all' }),
					sendHeaders: true,
					headerParameters: pairs({ Authorization: `Bearer ${apiKey}` }),
					options: {
						pagination: {
							pagination: {
								paginationMode: 'updateAParameterInEachRequest',
								parameters: {
									parameters: [
										{
											type: 'qs',
											name: 'after',
											value: '={{ $response.body.pagination.end_cursor }}',
										},
									],
								},
								paginationCompleteWhen: 'other',
								completeExpression: '={{ !$response.body.pagination.has_next_page }}',
							},
						},
					},
				},
			},
			{ type: 'splitOut', parameters: { fieldToSplitOut: 'subscribers', options: {} } },
		],
	);
}

/**
 * Requests for each item as a person would send them without this package: HTTP Request with its batching.
 * @param modules the `node_modules` folder of n8n
 * @param requests each is a node, which gets the responses to the one before as its items
 * @param items what it gets
 * @param batch how many requests start at once, and after how many milliseconds the next; what Maton allows
 * by default
 * @returns what runs it, and returns how many items came
 */
export async function sendByHttpRequest(
	modules: string,
	{ apiKey, baseUrl }: Credential,
	requests: readonly EachRequest[],
	items: IDataObject[],
	batch = PACE,
) {
	const steps = requests.map(({ method = 'POST', path, body }): Step => ({
		type: 'httpRequest',
		parameters: {
			method,
			url: `=${baseUrl}${path}`,
			sendHeaders: true,
			headerParameters: pairs({ Authorization: `Bearer ${apiKey}` }),
			...(body !== undefined && {
				sendBody: true,
				contentType: 'json',
				specifyBody: 'json',
				jsonBody: `=${body}`,
			}),
			options: { batching: { batch } },
		},
	}));
	return await workflowOf(modules, items, steps);
}

/**
 * @param ms how long some items took with {@link sendByHttpRequest}
 * @param some how many they were
 * @param all of how many the time is wanted
 * @param responsesMs how long the responses to one item take, all its requests together
 * @returns how long all of them take: a pause follows every batch but the last
 */
export function scaled(ms: number, some: number, all: number, responsesMs: number): number {
	const pauses = (items: number) => items / PACE.batchSize - 1;
	return responsesMs + ((ms - responsesMs) * pauses(all)) / pauses(some);
}
