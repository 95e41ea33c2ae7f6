import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { paging } from './fields/paging';
import { matonKitApiTest } from './methods/credentialTest';
import { getCustomFieldIds, getCustomFieldKeys, getTags } from './methods/options';
import { searchConnections, searchSubscribers, searchTags } from './methods/search';
import { account } from './resources/account';
import { connection } from './resources/connection';
import { subscriber } from './resources/subscriber';
import { tag } from './resources/tag';
import { operationsOf } from './run';

/** Kit (formerly ConvertKit) through the Maton gateway: every endpoint as resource and operation. */
export class Kit implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kit',
		name: 'kit',
		icon: { light: 'file:../../icons/kit.svg', dark: 'file:../../icons/kit.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Manage subscribers, tags and more in Kit (formerly ConvertKit)',
		defaults: { name: 'Kit' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'matonKitApi', required: true, testedBy: 'matonKitApiTest' }],
		requestDefaults: { baseURL: '={{ $credentials.baseUrl }}' },
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Account', value: 'account' },
					{ name: 'Connection (Maton)', value: 'connection' },
					{ name: 'Subscriber', value: 'subscriber' },
					{ name: 'Tag', value: 'tag' },
				],
				default: 'subscriber',
			},
			...account,
			...connection,
			...subscriber,
			...tag,
			...paging,
		],
	};

	customOperations = operationsOf(this.description);

	methods = {
		credentialTest: { matonKitApiTest },
		listSearch: { searchConnections, searchSubscribers, searchTags },
		loadOptions: { getCustomFieldIds, getCustomFieldKeys, getTags },
	};
}
