import type { IExecuteFunctions, INodeType } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { itemSource, kitInWorkflow, plainNode, runWorkflow } from '../test/support/n8n';
import type { Credential } from './sandbox';

/** What is sent, and how many at once. */
export interface BareRequests {
	/** How many */
	count: number;
	path: string;
	atOnce: number;
}

/** A node that does nothing but send GET requests by n8n's helper. */
function bareNode({ baseUrl }: Credential, { count, path, atOnce }: BareRequests): INodeType {
	const { description } = itemSource([]);
	return {
		description: {
			...description,
			inputs: [NodeConnectionTypes.Main],
			credentials: [{ name: 'matonKitApi', required: true }],
		},
		async execute(this: IExecuteFunctions) {
			let left = count;
			const one = async (): Promise<void> => {
				while (left-- > 0) {
					await this.helpers.httpRequestWithAuthentication.call(this, 'matonKitApi', {
						url: path,
						baseURL: baseUrl,
						json: true,
						returnFullResponse: true,
					});
				}
			};
			await Promise.all(Array.from({ length: atOnce }, one));
			return [[]];
		},
	};
}

/**
 * Sends the requests of a node with the least that a node can do for them: what this package costs is
 * measured against it.
 * @param credential what the node's credential holds
 * @param requests which, and how many at once
 */
export async function sendBare(credential: Credential, requests: BareRequests): Promise<void> {
	const { data } = await runWorkflow(
		[plainNode('Items', 'items'), { ...kitInWorkflow({}), name: 'Bare', type: 'bare' }],
		{ Items: { main: [[{ node: 'Bare', type: NodeConnectionTypes.Main, index: 0 }]] } },
		{ items: itemSource([{}]), bare: bareNode(credential, requests) },
		credential,
	);
	if (data.resultData.error) throw data.resultData.error;
}
