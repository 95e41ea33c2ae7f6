import type { IDataObject } from 'n8n-workflow';
import { useClock } from '../support/clock';
import { kitNode } from '../support/n8n';
import { TestPolling } from '../support/polling';
import { useSandbox } from '../support/sandbox';
import { TestTrigger } from '../support/trigger';
import { ALL_SCENES } from './cases';

const sandbox = useSandbox({ allowLoopbackWebhooks: true });
const advance = useClock();

beforeAll(async () => {
	await kitNode();
});

/** What both triggers have, and what of it Kit does not tell whoever asks. */
const BOTH: Record<string, { event: string; missing: string[] }> = {
	broadcastSent: {
		event: 'broadcast.sent',
		missing: ['content', 'email_address', 'email_template', 'public_url', 'subscriber_filter'].map(
			(name) => `broadcast.${name}`,
		),
	},
	formSubscription: {
		event: 'subscriber.subscribed_to_form',
		missing: [
			'form.name',
			'form.type',
			'form.created_at',
			'form.format',
			'form.embed_js',
			'form.embed_url',
			'form.archived',
			'form.uid',
		],
	},
	newPost: { event: 'post.published', missing: [] },
	newPurchase: { event: 'purchase.created', missing: ['purchase.shipping'] },
	newSubscriber: { event: 'subscriber.created', missing: [] },
	tagAdded: { event: 'subscriber.tag_added', missing: ['tag.name', 'tag.created_at'] },
	unsubscribed: { event: 'subscriber.unsubscribed', missing: [] },
};

/** What a delivery says of itself. */
const OWN = ['id', 'created', 'delivery_id'];

/** @returns each value with where it stands, but for what a delivery says of itself */
function parts(item: IDataObject): Record<string, unknown> {
	const others = Object.entries(item).filter(([key]) => !OWN.includes(key));
	const entries = others.flatMap(([key, value]) =>
		typeof value === 'object' && value !== null
			? Object.entries(value).map(([name, inner]) => [`${key}.${name}`, inner as unknown])
			: [[key, value]],
	);
	return Object.fromEntries(entries) as Record<string, unknown>;
}

test.each(ALL_SCENES.filter(({ watch }) => watch in BOTH))(
	'what $watch reports is what the Kit Trigger brings',
	async ({ watch, parameters, play }) => {
		const { event = '', missing = [] } = BOTH[watch] ?? {};
		const { credential } = sandbox;
		const trigger = new TestTrigger({ parameters: { events: [event] }, credential });
		const heard = await trigger.listen();
		try {
			await trigger.activate();
			const chosen = { watch, ...(await parameters?.(sandbox.ask)) };
			const polling = new TestPolling({ parameters: chosen, credential });
			await polling.activate();
			await play({ ask: sandbox.ask, sandbox: sandbox.current, advance }, chosen);
			sandbox.current.advance(90);
			await sandbox.current.settled();
			const [polled = {}] = await polling.poll();
			const brought = heard.items.flat().find((one) => one.event === event) ?? {};
			const told = parts(brought);
			expect(Object.keys(told)).toEqual(expect.arrayContaining(missing));
			for (const name of missing) Reflect.deleteProperty(told, name);
			expect(told).toHaveProperty('event', event);
			expect(parts(polled)).toMatchObject(told);
		} finally {
			await heard.close();
		}
	},
);
