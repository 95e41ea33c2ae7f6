import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { listSearch } from '../shared/methods/listSearch';
import { classic, readClassic } from './classic';
import { properties } from './properties';
import { readDelivery, signed } from './signed';
import { staticData } from './staticData';
import { subtitle } from './subtitle';
import { currentTarget, hasMoved, removeFromOldTarget } from './target';

function isSigned(context: IHookFunctions | IWebhookFunctions): boolean {
	return context.getNodeParameter('delivery') === 'signed';
}

/** The provider of the delivery that is chosen, and the other, of which nothing may be left. */
function providersOf(context: IHookFunctions) {
	return isSigned(context) ? { own: signed, other: classic } : { own: classic, other: signed };
}

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
		defaults: { name: 'Kit Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'matonKitApi', required: true, testedBy: 'matonKitApiTest' }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		properties,
		triggerPanel: {
			header: 'Start this workflow from Kit',
			executionsHelp: {
				inactive:
					'A <b>classic webhook</b> is posted once for each event, to an address that only Kit knows. A <b>signed endpoint</b> is signed, brings up to 100 events at once and is tried again for two days.<br /><br /><b>To try it</b>, click “Execute step”, then do in Kit what starts the workflow: n8n creates the webhooks for this one test and removes them afterwards.<br /><br /><b>When it works</b>, publish (activate) the workflow: the webhooks are created then, and removed when you unpublish it.',
				active:
					'<b>To try it</b>, click “Execute step”, then do in Kit what starts the workflow.<br /><br /><b>The workflow is published</b>: Kit starts it by itself, and those runs are listed under Executions.<br /><br />After a change of the credential or of the address of n8n, unpublish the workflow and publish it again: the webhooks move.',
			},
			activationHint: {
				inactive:
					'Publish (activate) the workflow, so that Kit starts it without you. The webhooks are created then.',
				active: 'The workflow is published: Kit starts it by itself.',
			},
		},
	};

	methods = { listSearch };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				const { own, other } = providersOf(this);
				const current = await currentTarget(this);
				const data = staticData(this);
				const exists = (await own.isInSync(this, current)) && !(await other.hasAny(this, current));
				if (!exists || hasMoved(data.target, current)) return false;
				if (data.target?.owner !== current.owner) data.target = current;
				return true;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				const { own, other } = providersOf(this);
				const current = await currentTarget(this);
				const data = staticData(this);
				await removeFromOldTarget(this, data.target, current);
				await other.remove(this, current);
				await own.create(this, current);
				data.target = current;
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				const { own, other } = providersOf(this);
				const current = await currentTarget(this);
				const data = staticData(this);
				await removeFromOldTarget(this, data.target, current);
				await other.remove(this, current);
				await own.remove(this, current);
				delete data.target;
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const read = isSigned(this)
			? await readDelivery(this, Math.floor(Date.now() / 1000))
			: await readClassic(this);
		// The answer is sent here: n8n 2.41 answers only when the run has begun, and by then it has
		// forgotten that the static data changed, which say what arrived before.
		const response = this.getResponseObject();
		if (!Array.isArray(read)) {
			const { status, reason } = read;
			this.logger.warn(`Kit Trigger refused a call: ${reason}`, { node: this.getNode().name });
			response.status(status).json({ error: reason });
			return { noWebhookResponse: true };
		}
		response.status(200).json({ events: read.length });
		if (read.length === 0) return { noWebhookResponse: true };
		return { noWebhookResponse: true, workflowData: [read.map((json) => ({ json }))] };
	}
}
