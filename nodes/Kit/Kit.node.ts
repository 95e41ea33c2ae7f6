import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { nameBeside, SUBSCRIBER_FIELDS } from '../shared/fields/subscriberColumns';
import { actionHandler } from '../shared/methods/actionHandler';
import { matonKitApiTest } from '../shared/methods/credentialTest';
import { listSearch } from '../shared/methods/listSearch';
import { loadOptions, subscriberFields } from '../shared/methods/loadOptions';
import { resourceMapping } from '../shared/methods/resourceMapping';
import { describe, listingOperations } from './operation/describe';
import { customOperationsOf } from './operation/execute';
import { titleOf } from './operation/output';
import { subtitle } from './operation/subtitle';
import { account } from './resources/account';
import { broadcast } from './resources/broadcast';
import { connection } from './resources/connection';
import { customField } from './resources/customField';
import { emailTemplate } from './resources/emailTemplate';
import { form } from './resources/form';
import { post } from './resources/post';
import { purchase } from './resources/purchase';
import { segment } from './resources/segment';
import { sequence } from './resources/sequence';
import { sequenceEmail } from './resources/sequenceEmail';
import { snippet } from './resources/snippet';
import { subscriber } from './resources/subscriber';
import { tag } from './resources/tag';
import { webhook } from './resources/webhook';
import { webhookEndpoint } from './resources/webhookEndpoint';

const resources = [
	account,
	broadcast,
	connection,
	customField,
	emailTemplate,
	form,
	post,
	purchase,
	segment,
	sequence,
	sequenceEmail,
	snippet,
	subscriber,
	tag,
	webhook,
	webhookEndpoint,
];

/** Kit (formerly ConvertKit) through the Maton gateway: every endpoint as resource and operation. */
export class Kit implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kit',
		name: 'kit',
		icon: { light: 'file:../../icons/kit.svg', dark: 'file:../../icons/kit.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitle(),
		description:
			'Subscribers, tags, forms, sequences, broadcasts and purchases of Kit (formerly ConvertKit), through the Maton gateway',
		defaults: { name: 'Kit' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: {
			searchHint:
				'Use for Kit (ConvertKit) email marketing: subscribers, tags, forms, sequences, broadcasts. To save many people with tags and custom fields, use Subscriber → Create or Update Many, one item for each.',
		},
		credentials: [{ name: 'matonKitApi', required: true, testedBy: 'matonKitApiTest' }],
		hints: [
			{
				message:
					'Kit’s lists can be up to five minutes behind what was just written. Get by ID is current.',
				location: 'outputPane',
				whenToDisplay: 'beforeExecution',
				displayCondition: `={{ ${JSON.stringify(listingOperations(resources))}.includes($parameter["operation"]) }}`,
			},
		],
		requestDefaults: { baseURL: '={{ $credentials.baseUrl }}' },
		properties: describe(resources),
	};

	customOperations = customOperationsOf(resources);

	methods = {
		actionHandler,
		credentialTest: { matonKitApiTest },
		listSearch,
		loadOptions: {
			...loadOptions,
			getSubscriberFields: subscriberFields(SUBSCRIBER_FIELDS, titleOf, nameBeside),
		},
		resourceMapping,
	};
}
