import { NOT_FOUND, refusal, useKit } from './client';

const client = useKit();
const { kit, row, rows, send } = client;

describe('Writes that lag', () => {
	const LAG = 30;

	beforeEach(() => {
		client.sandbox.settings.lagMs = LAG * 1000;
	});

	const create = async () =>
		await row(201, 'subscriber', 'POST', '/subscribers', { email_address: 'new@example.com' });
	const found = async (query: string) => (await rows(`/subscribers?${query}`)).map(({ id }) => id);

	test('show in lists, the filter and lookups by address after a while, and by id at once', async () => {
		const { id } = await create();
		const all = [{ type: 'subscriber_state', states: ['active'] }];
		const seen = async () => {
			const { body } = await kit('POST', '/subscribers/filter', { all });
			const isFiltered = JSON.stringify(body).includes('new@example.com');
			const byAddress = await found('status=all&email_address=new@example.com');
			return [(await found('')).includes(id), isFiltered, byAddress.includes(id)];
		};
		expect(await row(200, 'subscriber', 'GET', `/subscribers/${String(id)}`)).toMatchObject({ id });
		expect(await seen()).toEqual([false, false, false]);
		client.sandbox.advance(LAG - 5);
		expect(await seen()).toEqual([false, false, false]);
		client.sandbox.advance(5);
		expect(await seen()).toEqual([true, true, true]);
	});

	test('show one after the other', async () => {
		const { id } = await create();
		client.sandbox.advance(20);
		await kit('POST', `/subscribers/${String(id)}/unsubscribe`, {});
		client.sandbox.advance(15);
		expect(await found('email_address=new@example.com')).toEqual([id]);
		client.sandbox.advance(15);
		expect(await found('email_address=new@example.com')).toEqual([]);
		expect(await found('email_address=new@example.com&status=cancelled')).toEqual([id]);
	});

	test('are found by address where a subscriber is added to something', async () => {
		const { id } = await create();
		const tag = await row(201, 'tag', 'POST', '/tags', { name: 'New' });
		const path = `/tags/${String(tag.id)}/subscribers`;
		const email_address = 'new@example.com';
		expect(await row(201, 'subscriber', 'POST', path, { email_address })).toMatchObject({ id });
		expect(await rows(path)).toEqual([]);
		expect(await rows(`/subscribers/${String(id)}/tags`)).toMatchObject([{ id: tag.id }]);
		client.sandbox.advance(LAG);
		expect(await rows(path)).toMatchObject([{ id }]);
	});

	test('leave what is deleted in lists for a while', async () => {
		const [tag] = await rows('/tags');
		await kit('DELETE', `/tags/${String(tag?.id)}`);
		expect((await rows('/tags'))[0]).toEqual(tag);
		expect(await kit('GET', `/tags/${String(tag?.id)}/subscribers`)).toEqual(NOT_FOUND);
		client.sandbox.advance(LAG);
		expect((await rows('/tags'))[0]).not.toEqual(tag);
	});

	test('are not those of webhooks', async () => {
		const event = { name: 'subscriber.subscriber_activate' };
		const sent = { target_url: 'https://example.com/hook', event };
		const { id } = await row(201, 'webhook', 'POST', '/webhooks', sent);
		expect(await rows('/webhooks')).toMatchObject([{ id }]);
	});
});

test('Every answer takes a while where told to', async () => {
	client.sandbox.settings.latencyMs = 60;
	const begin = performance.now();
	await kit('GET', '/tags');
	expect(performance.now() - begin).toBeGreaterThan(50);
});

test('Every answer has an id, whoever refuses', async () => {
	const paths = ['/kit/v4/tags', '/kit/v4/nothing', '/connections', '/v4/tags'];
	const answers = await Promise.all(paths.map((path) => send('GET', path)));
	const ids = new Set(answers.map(({ headers }) => headers.get('x-request-id')));
	expect(ids.size).toBe(4);
	expect(ids).not.toContain(null);
});

test('Errors about sequences are nested where told to', async () => {
	client.sandbox.settings.nestedErrors = true;
	expect(await kit('POST', '/sequences', {})).toEqual(refusal(["Name can't be blank"]));
	expect(await kit('POST', '/tags', {})).toEqual(refusal("Name can't be blank"));
});
