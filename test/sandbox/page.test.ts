import { useKit } from './client';
import { useReceiver } from './receiver';

const client = useKit({ allowLoopbackWebhooks: true, subscribers: 20 });
const { control, kit } = client;
const receiver = useReceiver();

const hook = () => `${receiver.url}/webhook/of-n8n?token=very-secret`;
const shown = async () => (await control('GET', 'page/summary')).body as Record<string, unknown>;

test('The sandbox’s address leads a browser to a page', async () => {
	const response = await fetch(client.sandbox.url);
	expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
	const page = await response.text();
	for (const [, path = ''] of page.matchAll(/(?:src|href)="(\/[^"]*)"/g)) {
		const { status } = await fetch(client.sandbox.url + path);
		expect([path, status]).toEqual([path, 200]);
	}
});

test('The page says which accounts the key opens, and what may not be used', async () => {
	expect(await shown()).toMatchObject({
		key: client.sandbox.keys.main,
		lagMs: 0,
		listening: 0,
		deliveries: [],
		connections: [
			{ id: client.sandbox.connections.main, account: 'Ada Writes', state: 'active' },
			{ account: 'Harbor Bakery', state: 'active' },
			{ account: '', state: expect.stringContaining('pending') as string },
			{ account: '', state: expect.stringContaining('expired') as string },
			{ account: 'Ada Writes', state: expect.stringContaining('only read') as string },
			{ account: 'Ada Writes', state: expect.stringContaining('API key') as string },
		],
	});
});

test('The page names whom each delivery was about and what was answered, and keeps tokens and secrets back', async () => {
	const events = ['subscriber.created', 'subscriber.unsubscribed'];
	await kit('POST', '/webhook_endpoints', { name: 'n8n', url: hook(), events });
	await kit('POST', '/webhooks', {
		target_url: hook(),
		event: { name: 'purchase.purchase_create' },
	});
	receiver.reactions.push({ status: 503 });
	await kit('POST', '/subscribers', { email_address: 'mia@example.com' });
	await client.sandbox.settled();
	const product = { name: 'Notebook', pid: 'N', lid: '1', unit_price: 5, quantity: 1 };
	await kit('POST', '/purchases', {
		purchase: {
			transaction_id: 'T-1',
			email_address: 'mia@example.com',
			...{ status: 'paid', currency: 'USD', transaction_time: '2026-01-01T00:00:00Z' },
			...{ subtotal: 5, tax: 0, shipping: 0, discount: 0, total: 5 },
			products: [product],
		},
	});
	await client.sandbox.settled();
	const summary = await shown();
	const about = { about: 'mia@example.com', host: new URL(receiver.url).host };
	expect(summary).toMatchObject({
		listening: 2,
		deliveries: [
			{ ...about, event: 'purchase.purchase_create', attempt: 1, status: 200 },
			{ ...about, event: 'subscriber.created', attempt: 2, status: 200 },
			{ ...about, event: 'subscriber.created', attempt: 1, status: 503 },
		],
	});
	expect(JSON.stringify(summary)).not.toMatch(/very-secret|whsec_|session_token/);
});
