import { LazyPackageDirectoryLoader } from 'n8n-core';
import type { INode, INodeExecutionData, INodeType, IRun } from 'n8n-workflow';
import { NodeConnectionTypes, NodeHelpers } from 'n8n-workflow';
import { itemSource, nodeTypes, plainNode, runKit, runWorkflow } from '../test/support/n8n';
import { liftRateLimit } from './rateLimit';
import type { Credential } from './sandbox';
import { sandboxProcess } from './sandbox';
import { cpuMsOf, repeat, timed } from './spread';

const SUBSCRIBERS = 100_000;
const RUNS = 7;

/** Kit is farther away than the sandbox. */
const FAR = { subscribers: 20_000, delayMs: 250, runs: 5 };

/**
 * What a person would build without this package: HTTP Request with its pagination, and Split Out.
 * @param modules the `node_modules` folder of n8n
 * @returns what runs it, and returns how many items came
 */
export async function httpRequest(modules: string, { apiKey, baseUrl }: Credential) {
	const loader = new LazyPackageDirectoryLoader(`${modules}/n8n-nodes-base`);
	await loader.loadAll();
	const types = {
		items: itemSource([{}]),
		httpRequest: loader.getNode('httpRequest').type as INodeType,
		splitOut: loader.getNode('splitOut').type as INodeType,
	};
	const { description } = nodeTypes(types).getByNameAndVersion('httpRequest');
	const version = description.defaultVersion ?? description.version;
	const request: INode = {
		...plainNode('Request', 'httpRequest'),
		typeVersion: Array.isArray(version) ? Math.max(...version) : version,
		parameters: {
			url: `${baseUrl}/kit/v4/subscribers`,
			sendQuery: true,
			queryParameters: {
				parameters: [
					{ name: 'per_page', value: '1000' },
					{ name: 'status', value: 'all' },
				],
			},
			sendHeaders: true,
			headerParameters: { parameters: [{ name: 'Authorization', value: `Bearer ${apiKey}` }] },
			options: {
				pagination: {
					pagination: {
						paginationMode: 'updateAParameterInEachRequest',
						parameters: {
							parameters: [
								{ type: 'qs', name: 'after', value: '={{ $response.body.pagination.end_cursor }}' },
							],
						},
						paginationCompleteWhen: 'other',
						completeExpression: '={{ !$response.body.pagination.has_next_page }}',
					},
				},
			},
		},
	};
	const splitOut: INode = {
		...plainNode('Split', 'splitOut'),
		parameters: { fieldToSplitOut: 'subscribers', options: {} },
	};
	for (const node of [request, splitOut]) {
		const { properties } = nodeTypes(types).getByNameAndVersion(node.type).description;
		Object.assign(
			node.parameters,
			NodeHelpers.getNodeParameters(properties, node.parameters, true, false, node, description),
		);
	}
	const main = (node: string) => ({
		main: [[{ node, type: NodeConnectionTypes.Main, index: 0 }]],
	});
	return async () => {
		const run: IRun = await runWorkflow(
			[plainNode('Items', 'items'), request, splitOut],
			{ Items: main('Request'), Request: main('Split') },
			types,
			{},
		);
		return run.data.resultData.runData.Split?.at(-1)?.data?.main?.[0]?.length;
	};
}

/** The same items without n8n. */
async function bareFetch({ apiKey, baseUrl }: Credential): Promise<number> {
	const items: INodeExecutionData[] = [];
	for (let after = ''; ;) {
		const query = new URLSearchParams({ per_page: '1000', status: 'all', ...(after && { after }) });
		const response = await fetch(`${baseUrl}/kit/v4/subscribers?${query.toString()}`, {
			headers: { Authorization: `Bearer ${apiKey}` },
		});
		const { subscribers, pagination } = (await response.json()) as {
			subscribers: INodeExecutionData['json'][];
			pagination: { has_next_page: boolean; end_cursor: string };
		};
		for (const json of subscribers) items.push({ json, pairedItem: { item: 0 } });
		if (!pagination.has_next_page) return items.length;
		after = pagination.end_cursor;
	}
}

async function returnAll(credential: Credential): Promise<number> {
	const { items, error } = await runKit({
		credential,
		parameters: {
			resource: 'subscriber',
			operation: 'getAll',
			returnAll: true,
			filters: { status: 'all' },
		},
	});
	if (error) throw error;
	return items.length;
}

/** How long a list takes, and the processor time for it. */
async function measureList(subscribers: number, work: () => Promise<number | undefined>) {
	let cpuMs = 0;
	global.gc?.();
	const ms = await timed(async () => {
		cpuMs = await cpuMsOf(async () => {
			const count = await work();
			if (count !== subscribers) throw new Error(`${String(count)} subscribers came`);
		});
	});
	return { ms, cpuMs };
}

/** Against a sandbox on the same machine, with the rate limit lifted: what remains is n8n's own work. */
async function measureNear(modules: string) {
	const sandbox = await sandboxProcess({ subscribers: SUBSCRIBERS });
	try {
		const { credential } = sandbox;
		liftRateLimit(credential);
		const viaHttpRequest = await httpRequest(modules, credential);
		const once = async () => {
			const kit = await measureList(SUBSCRIBERS, async () => await returnAll(credential));
			const request = await measureList(SUBSCRIBERS, viaHttpRequest);
			const bare = await measureList(SUBSCRIBERS, async () => await bareFetch(credential));
			return {
				vsHttpRequest: kit.ms / request.ms,
				vsFetch: kit.ms / bare.ms,
				cpuVsHttpRequest: kit.cpuMs / request.cpuMs,
				cpuVsFetch: kit.cpuMs / bare.cpuMs,
				ms: kit.ms,
				cpuMs: kit.cpuMs,
			};
		};
		await once();
		return await repeat(RUNS, once);
	} finally {
		sandbox.stop();
	}
}

/** Against a sandbox that answers as late as a server far away, at Maton's rate. */
async function measureFar(modules: string) {
	const { subscribers, delayMs, runs } = FAR;
	const sandbox = await sandboxProcess({ subscribers });
	try {
		const { credential } = sandbox;
		await sandbox.ask('POST', '/_sandbox/faults', { kind: 'slow', delayMs, share: 1 });
		const viaHttpRequest = await httpRequest(modules, credential);
		return await repeat(runs, async () => {
			const kit = await measureList(subscribers, async () => await returnAll(credential));
			const request = await measureList(subscribers, viaHttpRequest);
			return { farVsHttpRequest: kit.ms / request.ms };
		});
	} finally {
		sandbox.stop();
	}
}

/**
 * Return All of 100,000 subscribers, against what a person would do without this package.
 * @param modules the `node_modules` folder of n8n, whose own nodes are in it
 * @returns the node's time and processor time as a share of each of the others'; the latter says more
 * where the machine is busy
 */
export async function measureReturnAll(modules: string) {
	return { ...(await measureNear(modules)), ...(await measureFar(modules)) };
}
