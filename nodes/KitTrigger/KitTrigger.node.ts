import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { adviceInMessage } from '../shared/adviceInMessage';
import { loadOptions } from '../shared/methods/loadOptions';
import { takenAnswer } from '../shared/signedEvent';
import { properties, subtitle } from './parameters';
import { receive } from './receive';
import { getRegistered, registeredProperties } from './registeredField';
import { isRegistered, register, unregister } from './registration';

/** Starts workflows on what happens in Kit, by webhooks that it creates and deletes itself. */
export class KitTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kit Trigger',
		name: 'kitTrigger',
		icon: { light: 'file:../../icons/kit.svg', dark: 'file:../../icons/kit.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: subtitle(),
		description: 'Starts the workflow when something happens in Kit (formerly ConvertKit)',
		eventTriggerDescription: 'Waiting for Kit: do there what starts the workflow',
		activationMessage:
			'Kit now tells this workflow what happens. Each event appears under Executions.',
		defaults: { name: 'Kit Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'matonKitApi', required: true, testedBy: 'matonKitApiTest' }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				// With anything else n8n does not read the response that the node makes when the run was taken.
				responseData: '',
				path: 'webhook',
				ndvHideUrl: true,
			},
		],
		properties: [...properties, ...registeredProperties],
		triggerPanel: {
			header: 'Start this workflow from Kit',
			executionsHelp: {
				inactive:
					'<b>To try it</b>, click “Execute step”, then do in Kit what starts the workflow: n8n creates the webhooks for this one test and removes them afterwards.<br /><br /><b>When it works</b>, publish (activate) the workflow: the webhooks are created then, and removed when you unpublish it.',
				active:
					'<b>To try it</b>, click “Execute step”, then do in Kit what starts the workflow.<br /><br /><b>The workflow is published</b>: Kit starts it by itself, and those runs are listed under Executions.<br /><br />After a change of the address of n8n, unpublish the workflow and publish it again: the webhooks move.',
			},
			activationHint: {
				inactive:
					'Publish (activate) the workflow, so that Kit starts it without you. The webhooks are created then.',
				active: 'The workflow is published: Kit starts it by itself.',
			},
		},
	};

	methods = { loadOptions: { ...loadOptions, getRegistered } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await adviceInMessage(async () => await isRegistered(this));
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await adviceInMessage(async () => {
					await register(this);
				});
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				await adviceInMessage(async () => {
					await unregister(this);
				});
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const received = await receive(this);
		const response = this.getResponseObject();
		if ('status' in received) {
			const { status, reason, retryAfter } = received;
			this.logger.warn(`Kit Trigger refused a call: ${reason}`, { node: this.getNode().name });
			if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
			response.status(status).json({ error: reason });
			return { noWebhookResponse: true };
		}
		const { items, taken } = received;
		const answer = takenAnswer(items.length);
		if (items.length === 0) {
			response.status(200).json(answer);
			return { noWebhookResponse: true };
		}
		return {
			workflowData: [items.map((json) => ({ json }))],
			/** n8n reads this for its answer to Kit when it has taken the run, and saves static data after it. */
			get webhookResponse() {
				taken();
				return answer;
			},
		};
	}
}
