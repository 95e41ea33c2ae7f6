import type { IDataObject, ILoadOptionsFunctions, INodeProperties } from 'n8n-workflow';
import { toText } from '../shared/fields/parsers';
import { LISTS } from '../shared/lists';
import { isRecord } from '../shared/record';
import { endpointDescription } from '../shared/signedEvent';
import { KitClient } from '../shared/transport/client';
import { readRows } from '../shared/transport/pagination';
import { isSameHost, queryOf } from './address';
import { unlessAnswered } from './statuses';
import { NO_ENDPOINTS } from './endpoints';

/**
 * The one choice, which is always made: n8n has no field that only tells what is so now. Its editor shows the texts of
 * notices, callouts and hints as they stand in the description, and lets an expression only decide whether a hint
 * shows; a button does nothing but what n8n's own AI does; and what can ask Kit is a field in which one chooses
 * (`ParameterInputList` and `useNodeHelpers` in n8n-editor-ui 2.41.1).
 */
const NOW = 'now';

/**
 * A field that tells what is so now, each time that the panel is opened. Neither a name nor an ID can be given, so
 * that it is not called one, as n8n's linter would have lists of which one chooses.
 */
function telling(displayName: string, name: string, method: string, description: string) {
	const field: INodeProperties = {
		displayName,
		name,
		type: 'options',
		noDataExpression: true,
		typeOptions: { loadOptionsMethod: method, loadOptionsDependsOn: ['workflowId'] },
		default: NOW,
		description,
	};
	return field;
}

/**
 * What the panel says of what Kit has. n8n lets the list of a field ask Kit, but tells it neither the workflow
 * nor its static data (`dynamic-node-parameters.service.ts` in n8n); the editor fills in an expression.
 */
export const registeredProperties: INodeProperties[] = [
	telling(
		'Registered at Kit',
		'registered',
		'getRegistered',
		'What Kit has for this workflow now, and in which account. There is nothing to choose: it is made when the workflow is published.',
	),
	{
		displayName: 'Workflow ID',
		name: 'workflowId',
		type: 'hidden',
		default: '={{ $workflow.id }}',
	},
];

function counted(count: number, what: string): string {
	return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}

function endpointText({ events, created_at: created, status }: IDataObject): string {
	const count = Array.isArray(events) ? events.length : 0;
	const state = status === 'active' ? '' : `, ${toText(status)}`;
	const since = toText(created).slice(0, 10);
	return `a signed endpoint for ${counted(count, 'event')} since ${since}${state}`;
}

async function readRegistered(context: ILoadOptionsFunctions): Promise<string> {
	const client = new KitClient(context);
	const { connectionId } = await client.credentials();
	const workflowId = toText(context.getCurrentNodeParameter('workflowId'));
	const here = context.getRestApiUrl();
	const rows = async (list: 'webhookEndpoints' | 'webhooks') => {
		const { path, key } = LISTS[list];
		return await readRows(client, { path, connectionId }, key);
	};
	const endpoints =
		(await unlessAnswered(client, NO_ENDPOINTS, () => rows('webhookEndpoints'))) ?? [];
	const webhooks = await rows('webhooks');
	const { account } = await client.send({ path: '/kit/v4/account', connectionId });
	const found = endpoints
		.filter(({ description }) => description === endpointDescription(workflowId))
		.filter(({ url }) => isSameHost(toText(url), here))
		.map(endpointText);
	const classic = webhooks.filter(
		({ target_url: url }) =>
			queryOf(toText(url), 'workflow') === workflowId && isSameHost(toText(url), here),
	);
	if (classic.length > 0) found.push(counted(classic.length, 'classic webhook'));
	const name = isRecord(account) ? ` in “${toText(account.name)}”` : '';
	if (found.length === 0) return `Nothing${name} until the workflow is published`;
	const text = `${found.join(' and ')}${name}`;
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @returns what Kit has for a workflow, or why that cannot be told, as the one choice */
export async function getRegistered(this: ILoadOptionsFunctions) {
	const name = await readRegistered(this).catch((error: unknown) => (error as Error).message);
	return [{ name, value: NOW }];
}
