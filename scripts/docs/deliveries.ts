import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { EVENTS } from '../../nodes/shared/events';
import type { SimulatedEvent, Sandbox } from '../../sandbox';
import type { Known } from '../../test/kit/cases/case';
import { findKnown } from '../../test/kit/cases/prepare';
import { askOf } from '../../test/support/ask';
import { kitNode } from '../../test/support/n8n';
import { TestTrigger } from '../../test/support/trigger';
import { NOW } from './madeUpKit';

/** How the trigger gets events: as it chooses itself, or all that there are by classic webhooks. */
export type DeliveryName = 'auto' | 'classic';

/** The item that the trigger made of each event, by the event's value. */
export type Deliveries = ReadonlyMap<string, IDataObject>;

const LINK = 'https://example.com/course';
const PRODUCT = 4412;

function parametersFor(delivery: DeliveryName, known: Known): INodeParameters {
	const events = EVENTS.filter(({ classic }) => delivery === 'auto' || classic !== undefined);
	return {
		events: events.map(({ value }) => value),
		forms: [known.form],
		tagsAdded: [known.tag],
		tagsRemoved: [known.tag],
		sequencesStarted: [known.sequence],
		sequencesCompleted: [known.sequence],
		customFields: [known.fieldId],
		links: [LINK],
		products: [String(PRODUCT)],
		settings: { delivery },
	};
}

/** Lets everything happen in Kit that there are events for, one after the other. */
async function letAllHappen(sandbox: Sandbox, known: Known): Promise<void> {
	const ask = async (method: string, path: string, body?: unknown) => {
		const answer = await askOf(sandbox)(method, `/kit/v4/${path}`, body);
		await sandbox.settled();
		return answer;
	};
	const create = async (list: string, key: string, body: unknown) => {
		const { id } = (await ask('POST', list, body))[key] as { id: number };
		return String(id);
	};
	const raise = async (simulated: SimulatedEvent) => {
		sandbox.raise(simulated);
		await sandbox.settled();
	};
	const person = { email_address: 'ada.reader@example.com', first_name: 'Ada' };
	const subscriber = await create('subscribers', 'subscriber', person);
	const who = { subscriber: Number(subscriber) };
	await ask('PUT', `subscribers/${subscriber}`, {
		...person,
		fields: { [known.field]: 'example.com' },
	});
	const joined = `subscribers/${subscriber}`;
	await ask('POST', `forms/${String(known.form)}/${joined}`);
	await ask('POST', `sequences/${String(known.sequence)}/${joined}`);
	await raise({ type: 'subscriber.sequence_completed', sequence: known.sequence, ...who });
	await ask('POST', `tags/${String(known.tag)}/${joined}`);
	await ask('DELETE', `tags/${String(known.tag)}/${joined}`);
	await raise({ type: 'subscriber.link_clicked', url: LINK, ...who });
	await raise({ type: 'subscriber.product_purchased', product: PRODUCT, ...who });
	const products = [
		{ name: 'Course', pid: 'course', lid: '1', unit_price: 49, quantity: 1, sku: '' },
	];
	const amounts = { subtotal: 49, tax: 0, shipping: 0, discount: 0, total: 49 };
	const purchase = {
		transaction_id: 'T-1042',
		...person,
		status: 'paid',
		currency: 'USD',
		transaction_time: NOW,
		...amounts,
		products,
	};
	await ask('POST', 'purchases', { purchase });
	await raise({ type: 'subscriber.bounced', ...who });
	await raise({ type: 'subscriber.complained', ...who });
	const other = { email_address: 'sam.reader@example.com', first_name: 'Sam' };
	const leaving = await create('subscribers', 'subscriber', other);
	await ask('POST', `subscribers/${leaving}/unsubscribe`);

	const tag = await create('tags', 'tag', { name: 'Bought the course' });
	await ask('DELETE', `tags/${tag}`);
	const field = await create('custom_fields', 'custom_field', { label: 'Shoe size' });
	await ask('DELETE', `custom_fields/${field}`);
	const sequence = await create('sequences', 'sequence', { name: 'Welcome' });
	for (const active of [false, true]) await ask('PUT', `sequences/${sequence}`, { active });
	await ask('DELETE', `sequences/${sequence}`);
	const email = { subject: 'Hello', content: '<p>Hello</p>' };
	const draft = await create('broadcasts', 'broadcast', email);
	await ask('DELETE', `broadcasts/${draft}`);
	await ask('POST', 'broadcasts', { ...email, public: true, send_at: NOW });
	sandbox.advance(120);
	await sandbox.settled();
}

/**
 * Lets Kit deliver every event to the built trigger.
 * @param sandbox with data and time that are always the same; it is reset first
 * @param delivery how
 * @returns the items with which the workflow was started, the first of each event
 */
export async function collectDeliveries(
	sandbox: Sandbox,
	delivery: DeliveryName,
): Promise<Deliveries> {
	await kitNode();
	sandbox.reset();
	sandbox.settings.allowLoopbackWebhooks = true;
	const known = await findKnown(askOf(sandbox));
	const trigger = new TestTrigger({
		parameters: parametersFor(delivery, known),
		credential: { apiKey: sandbox.keys.main, connectionId: '', baseUrl: sandbox.url },
	});
	const heard = await trigger.listen();
	try {
		await trigger.activate();
		await letAllHappen(sandbox, known);
	} finally {
		await heard.close();
	}
	const items = heard.items.flat().map((item) => [item.event as string, item] as const);
	return new Map(items.reverse());
}
