import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { KeptTarget } from './provider';

/** What n8n keeps with the node between activations, in its static data. */
export interface StaticData extends IDataObject {
	/** Where the webhooks were made last */
	target?: KeptTarget;
	endpointId?: number;
	/** It is answered once, when the endpoint is made, and can never be asked for again */
	secret?: string;
	/** The events that arrived lately, see `deduplicate.ts` */
	seen?: string;
}

/**
 * n8n hands a test run static data of its own, which are thrown away after it (`test-webhooks.ts` in
 * n8n). Should it ever hand it those of production, the two stay apart here.
 * @param context of an activation or a call
 * @returns what is kept, to be read and changed: for production, or for a test run
 */
export function staticData(context: IHookFunctions | IWebhookFunctions): StaticData {
	const data = context.getWorkflowStaticData('node') as StaticData & {
		test?: StaticData & { url: string };
	};
	const isManual = context.getMode() === 'manual';
	// n8n does not tell a call the URL of the test webhook, but its mode does.
	if ('getRequestObject' in context) return (isManual ? data.test : undefined) ?? data;
	const url = context.getNodeWebhookUrl('default') ?? '';
	// The mode tells a test run apart when it begins, but not when it ends; the URL then does.
	if (isManual && data.test?.url !== url) data.test = { url };
	return data.test?.url === url ? data.test : data;
}
