import type {
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { adviceInMessage } from '../shared/adviceInMessage';
import { listSearch } from '../shared/methods/listSearch';
import { loadOptions } from '../shared/methods/loadOptions';
import { properties, subtitle } from './parameters';
import { poll } from './poll';

/** Starts workflows on what is new in Kit, for which it asks again and again. */
export class KitPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kit Polling Trigger',
		name: 'kitPollingTrigger',
		icon: { light: 'file:../../icons/kit.svg', dark: 'file:../../icons/kit.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: subtitle(),
		description:
			'Asks Kit (formerly ConvertKit) for what is new, for an n8n without a public address and for what Kit does not announce',
		eventTriggerDescription: '',
		activationMessage:
			'n8n now asks Kit at the poll times. What is there already starts nothing; what is new appears under Executions.',
		defaults: { name: 'Kit Polling Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'matonKitApi', required: true, testedBy: 'matonKitApiTest' }],
		properties,
	};

	methods = { listSearch, loadOptions };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const ask = async () => await poll(this, Date.now());
		const items = this.getMode() === 'manual' ? await ask() : await adviceInMessage(ask);
		return items.length > 0 ? [items.map((json) => ({ json }))] : null;
	}
}
