import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { Sandbox } from '../../sandbox';
import { freePort } from '../../scripts/port';
import type { Ask } from '../support/ask';

/** A row of Kit's. */
export type Row = Record<string, unknown> & { id: number };

/** A watch, and how what it reports comes to happen. */
export interface WatchCase {
	watch: string;
	/** The node's other parameters; known only when Kit is there */
	parameters?: (ask: Ask) => Promise<INodeParameters>;
	/** Lets it happen, to somebody or something that is new. @returns the ID of what it is about */
	happen: (ask: Ask, parameters: INodeParameters) => Promise<number>;
	/** The ID of what an item is about */
	idOf: (item: IDataObject) => unknown;
	/** The event of each item */
	event: string;
}

let made = 0;

/** A number that nothing else has in this process. */
function nextNumber(): number {
	made += 1;
	return made;
}

export const byId = (value: number) => ({ __rl: true, mode: 'id', value });

export async function addSubscriber(ask: Ask): Promise<number> {
	const email_address = `reader-${String(nextNumber())}@example.com`;
	const { subscriber } = await ask('POST', '/kit/v4/subscribers', {
		email_address,
		first_name: 'Ada',
	});
	return (subscriber as Row).id;
}

async function firstId(ask: Ask, list: string): Promise<number> {
	const [row] = (await ask('GET', `/kit/v4/${list}`))[list] as Row[];
	if (!row) throw new Error(`There are no ${list}`);
	return row.id;
}

/** @returns the ID that a locator holds */
function located(parameters: INodeParameters, name: string): string {
	return String((parameters[name] as { value: number }).value);
}

export const idOfSubscriber = ({ subscriber }: IDataObject): number => (subscriber as Row).id;

/** Sends a broadcast to everybody, now. @returns its ID */
export async function sendBroadcast(ask: Ask, more: IDataObject = {}): Promise<number> {
	const content = '<p><a href="https://example.com/course">The course</a></p>';
	const send_at = new Date(Date.now()).toISOString();
	const body = { subject: 'News', content, send_at, ...more };
	return ((await ask('POST', '/kit/v4/broadcasts', body)).broadcast as Row).id;
}

export const LIST_CASES: WatchCase[] = [
	{
		watch: 'newSubscriber',
		event: 'subscriber.created',
		happen: addSubscriber,
		idOf: idOfSubscriber,
	},
	{
		watch: 'unsubscribed',
		event: 'subscriber.unsubscribed',
		happen: async (ask) => {
			const id = await addSubscriber(ask);
			await ask('POST', `/kit/v4/subscribers/${String(id)}/unsubscribe`);
			return id;
		},
		idOf: idOfSubscriber,
	},
	{
		watch: 'tagAdded',
		event: 'subscriber.tag_added',
		parameters: async (ask) => ({ tagId: byId(await firstId(ask, 'tags')) }),
		happen: async (ask, parameters) => {
			const id = await addSubscriber(ask);
			await ask('POST', `/kit/v4/tags/${located(parameters, 'tagId')}/subscribers/${String(id)}`);
			return id;
		},
		idOf: idOfSubscriber,
	},
	{
		watch: 'formSubscription',
		event: 'subscriber.subscribed_to_form',
		parameters: async (ask) => ({ formId: byId(await firstId(ask, 'forms')) }),
		happen: async (ask, parameters) => {
			const id = await addSubscriber(ask);
			const form = located(parameters, 'formId');
			await ask('POST', `/kit/v4/forms/${form}/subscribers/${String(id)}`, {});
			return id;
		},
		idOf: idOfSubscriber,
	},
	{
		watch: 'newPurchase',
		event: 'purchase.created',
		happen: async (ask) => {
			const number = String(nextNumber());
			const product = { name: 'Course', pid: 'course', lid: `line-${number}`, sku: '' };
			const purchase = {
				email_address: 'buyer@example.com',
				transaction_id: `order-${number}`,
				// A shop may tell Kit today of what was bought long ago.
				transaction_time: '2024-01-01T00:00:00Z',
				currency: 'USD',
				...{ status: 'paid', subtotal: 49, tax: 0, shipping: 0, discount: 0, total: 49 },
				products: [{ ...product, unit_price: 49, quantity: 1 }],
			};
			return ((await ask('POST', '/kit/v4/purchases', { purchase })).purchase as Row).id;
		},
		idOf: ({ purchase }) => (purchase as Row).id,
	},
];

/** What people do at Kit, and how time goes by there. */
export interface Scene {
	ask: Ask;
	sandbox: Sandbox;
	/** Lets so many seconds go by */
	advance: (seconds: number) => void;
}

/** A watch, and a scene after which it has something to report. */
export interface SceneCase {
	watch: string;
	parameters?: (ask: Ask) => Promise<INodeParameters>;
	play: (scene: Scene, parameters: INodeParameters) => Promise<unknown>;
	/** Takes the last of it back, where Kit lets that be */
	takeBack?: (scene: Scene, parameters: INodeParameters) => Promise<unknown>;
}

const HOUR = 3600;

/** Takes the tag from who got it last. */
async function removeTag(ask: Ask, tag: string): Promise<void> {
	const path = `/kit/v4/tags/${tag}/subscribers`;
	const [last] = (await ask('GET', `${path}?status=all&per_page=1`)).subscribers as Row[];
	if (last) await ask('DELETE', `${path}/${String(last.id)}`);
}

const withTag = async (ask: Ask) => ({
	conditions: { condition: [{ type: 'tags', tagIds: [await firstId(ask, 'tags')] }] },
});

/** Every watch of the node but that of missed events. */
export const SCENES: SceneCase[] = [
	...LIST_CASES.map(({ watch, parameters, happen }) => ({
		watch,
		...(parameters && { parameters }),
		play: async ({ ask }: Scene, chosen: INodeParameters) => await happen(ask, chosen),
		...(watch === 'tagAdded' && {
			takeBack: async ({ ask }: Scene, chosen: INodeParameters) => {
				await removeTag(ask, located(chosen, 'tagId'));
			},
		}),
	})),
	{
		watch: 'broadcastSent',
		play: async ({ ask, advance }) => {
			await sendBroadcast(ask);
			advance(90);
		},
	},
	{
		watch: 'clickedLink',
		parameters: async () => await Promise.resolve({ linkUrl: 'https://example.com/course' }),
		play: async ({ ask, advance }) => {
			await sendBroadcast(ask);
			advance(3 * HOUR);
		},
	},
	{
		watch: 'matchesFilter',
		parameters: withTag,
		play: async ({ ask }) => {
			const tag = String(await firstId(ask, 'tags'));
			const id = String(await addSubscriber(ask));
			await ask('POST', `/kit/v4/tags/${tag}/subscribers/${id}`);
		},
		takeBack: async ({ ask }) => {
			await removeTag(ask, String(await firstId(ask, 'tags')));
		},
	},
	{ watch: 'newOrUpdatedSubscriber', play: async ({ ask }) => await addSubscriber(ask) },
	{
		watch: 'newPost',
		play: async ({ ask }) => await sendBroadcast(ask, { public: true }),
	},
	{
		watch: 'openedBroadcast',
		play: async ({ ask, advance }) => {
			await sendBroadcast(ask);
			advance(2 * HOUR);
		},
	},
];

/** An endpoint that nobody listens at, so that Kit gives up on what it posts there. */
export async function deafEndpoint(ask: Ask): Promise<INodeParameters> {
	const url = `http://127.0.0.1:${String(await freePort())}/`;
	const body = { name: 'Nobody listens', url, events: ['tag.created'] };
	const { webhook_endpoint } = await ask('POST', '/kit/v4/webhook_endpoints', body);
	return { webhookEndpointId: byId((webhook_endpoint as Row).id) };
}

/** The same with what takes a sandbox that allows endpoints on this machine, and gives up at once. */
export const ALL_SCENES: SceneCase[] = [
	...SCENES,
	{
		watch: 'missedEvents',
		parameters: deafEndpoint,
		play: async ({ ask, sandbox }) => {
			await ask('POST', '/kit/v4/tags', { name: `Missed ${String(nextNumber())}` });
			await sandbox.settled();
		},
	},
];
