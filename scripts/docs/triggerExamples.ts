import type { IDataObject, INode, INodeExecutionData, IWorkflowBase } from 'n8n-workflow';
import type { Deliveries } from './deliveries';
import { sample } from './example';

/** A workflow that begins with a Kit Trigger, to whom samples of its events are pinned. */
interface TriggerExample {
	file: string;
	name: string;
	/** What stands on the note */
	does: string;
	/** Of which none needs to be told what it is about */
	events: string[];
	/** What the second node takes out of an item, by name */
	takes: Record<string, string>;
}

const TRIGGER = 'n8n-nodes-maton-kit.kitTrigger';

const EXAMPLES: TriggerExample[] = [
	{
		file: 'readers-come-and-go',
		name: 'When readers come and go',
		does: 'Starts when somebody subscribes, unsubscribes or buys something, and takes out of it **what happened** and **to whom**.',
		events: ['subscriber.activated', 'subscriber.unsubscribed', 'purchase.created'],
		takes: {
			happened: '={{ $json.event }}',
			reader: '={{ $json.subscriber?.email_address ?? $json.purchase.email_address }}',
		},
	},
	{
		file: 'tagged-or-sent',
		name: 'When something is tagged or sent',
		does: 'Starts when somebody gets a tag or a broadcast was sent, and takes out of it **what happened** and **to what**.',
		events: ['subscriber.tag_added', 'broadcast.sent'],
		takes: {
			happened: '={{ $json.event }}',
			about: '={{ $json.tag?.name ?? $json.broadcast.subject }}',
		},
	},
];

const HOW =
	'**Nothing has to happen first:** sample items are pinned to the Kit Trigger, so you see its fields and can click **Execute workflow** at once. Pinned items are used only in the editor; unpin them when real ones arrive.\n\n**To use it:** choose your Maton Kit credential in the Kit Trigger and publish (activate) the workflow.';

/** An id that n8n takes, the same with every run. */
function idOf(example: number, node: number): string {
	return `7d1b6a30-4e52-4c9f-8a17-5b0e2c9d${String(example)}f0${String(node)}`;
}

/** An item for each event, as it is pinned to a trigger. */
function samplesOf(events: string[], deliveries: Deliveries): INodeExecutionData[] {
	return events.map((event) => {
		const item = deliveries.get(event);
		if (!item) throw new Error(`Nothing was delivered for ${event}`);
		return { json: sample(item) as IDataObject };
	});
}

function workflow(example: TriggerExample, index: number, deliveries: Deliveries) {
	const { name, does, events, takes } = example;
	const node = (position: number, more: Omit<INode, 'id' | 'typeVersion'>) => ({
		id: idOf(index, position),
		typeVersion: 1,
		...more,
	});
	const assignments = Object.entries(takes).map(([taken, value], position) => ({
		id: idOf(index, 5 + position),
		name: taken,
		value,
		type: 'string',
	}));
	return {
		name,
		nodes: [
			node(1, {
				name: 'What this does',
				type: 'n8n-nodes-base.stickyNote',
				position: [-40, -300],
				parameters: { width: 560, height: 260, content: `## ${name}\n${does}\n\n${HOW}` },
			}),
			node(2, {
				name: 'Kit Trigger',
				type: TRIGGER,
				position: [0, 40],
				parameters: { events },
				webhookId: idOf(index, 4),
			}),
			{
				...node(3, {
					name: 'What happened',
					type: 'n8n-nodes-base.set',
					position: [260, 40],
					parameters: { assignments: { assignments }, options: {} },
				}),
				typeVersion: 3.4,
			},
		],
		connections: {
			'Kit Trigger': { main: [[{ node: 'What happened', type: 'main', index: 0 }]] },
		},
		pinData: { 'Kit Trigger': samplesOf(events, deliveries) },
		settings: { executionOrder: 'v1' },
	};
}

/**
 * n8n's editor has no schemas for triggers, but shows the fields of what is pinned to one.
 * @param deliveries the items of all events
 * @returns the workflows to import, by its file's name
 */
export function triggerExamples(deliveries: Deliveries): Map<string, string> {
	return new Map(
		EXAMPLES.map((example, index) => [
			`${example.file}.json`,
			`${JSON.stringify(workflow(example, index, deliveries), null, 2)}\n`,
		]),
	);
}

/**
 * @param text of a workflow that begins with a Kit Trigger
 * @param deliveries the items of all events
 * @returns the same with samples of its events pinned to the trigger
 */
export function withSamples(text: string, deliveries: Deliveries): string {
	const { settings, ...workflow } = JSON.parse(text) as IWorkflowBase;
	const [trigger] = workflow.nodes.filter(({ type }) => type === TRIGGER);
	if (!trigger) throw new Error(`${workflow.name} has no Kit Trigger`);
	const pinned = samplesOf(trigger.parameters.events as string[], deliveries);
	const pinData = { ...workflow.pinData, [trigger.name]: pinned };
	return `${JSON.stringify({ ...workflow, pinData, settings }, null, 2)}\n`;
}
