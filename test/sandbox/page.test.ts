import { useKit, useReceiver } from './client';

const client = useKit({ allowLoopbackWebhooks: true, subscribers: 20 });
const { control, kit } = client;
const receiver = useReceiver();

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
	const url = `${receiver.url}/webhook/of-n8n?token=very-secret`;
	const events = ['subscriber.created', 'subscriber.unsubscribed'];
	await kit('POST', '/webhook_endpoints', { name: 'n8n', url, events });
	const event = { name: 'subscriber.subscriber_unsubscribe' };
	await kit('POST', '/webhooks', { target_url: url, event });
	receiver.reactions.push({ status: 503 });
	const { body } = await kit('POST', '/subscribers', { email_address: 'mia@example.com' });
	await client.sandbox.settled();
	const { id } = body.subscriber as { id: number };
	await kit('POST', `/subscribers/${String(id)}/unsubscribe`);
	await client.sandbox.settled();
	const summary = await shown();
	const about = { about: 'mia@example.com', host: new URL(receiver.url).host };
	expect(summary).toMatchObject({
		listening: 2,
		deliveries: [
			{ ...about, event: 'subscriber.unsubscribed', attempt: 1, status: 200 },
			{ ...about, event: 'subscriber.subscriber_unsubscribe', attempt: 1, status: 200 },
			{ ...about, event: 'subscriber.created', attempt: 2, status: 200 },
			{ ...about, event: 'subscriber.created', attempt: 1, status: 503 },
		],
	});
	expect(JSON.stringify(summary)).not.toMatch(/very-secret|whsec_|session_token/);
});
