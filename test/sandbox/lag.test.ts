import { NOT_FOUND, useKit } from './client';

const client = useKit();
const { kit, row, rows } = client;

const LAG = 30;
const email_address = 'new@example.com';

beforeEach(() => {
	client.sandbox.settings.lagMs = LAG * 1000;
});

const create = async () => await row(201, 'subscriber', 'POST', '/subscribers', { email_address });
const found = async (query: string) => (await rows(`/subscribers?${query}`)).map(({ id }) => id);

test('A write shows in lists, the filter and lookups by address after a while, and by id at once', async () => {
	const { id } = await create();
	const all = [{ type: 'subscriber_state', states: ['active'] }];
	const seen = async () => {
		const { body } = await kit('POST', '/subscribers/filter', { all });
		const byAddress = await found(`status=all&email_address=${email_address}`);
		const isFiltered = JSON.stringify(body).includes(email_address);
		return [(await found('')).includes(id), isFiltered, byAddress.includes(id)];
	};
	expect(await row(200, 'subscriber', 'GET', `/subscribers/${String(id)}`)).toMatchObject({ id });
	client.sandbox.advance(LAG - 5);
	expect(await seen()).toEqual([false, false, false]);
	client.sandbox.advance(5);
	expect(await seen()).toEqual([true, true, true]);
});

test('Writes show one after the other', async () => {
	const { id } = await create();
	client.sandbox.advance(20);
	await kit('POST', `/subscribers/${String(id)}/unsubscribe`, {});
	client.sandbox.advance(15);
	expect(await found(`email_address=${email_address}`)).toEqual([id]);
	client.sandbox.advance(15);
	expect(await found(`email_address=${email_address}`)).toEqual([]);
	expect(await found(`email_address=${email_address}&status=cancelled`)).toEqual([id]);
});

test('Who is new can be added to something by address', async () => {
	const { id } = await create();
	const tag = await row(201, 'tag', 'POST', '/tags', { name: 'New' });
	const path = `/tags/${String(tag.id)}/subscribers`;
	expect(await row(201, 'subscriber', 'POST', path, { email_address })).toMatchObject({ id });
	expect(await rows(path)).toEqual([]);
	expect(await rows(`/subscribers/${String(id)}/tags`)).toMatchObject([{ id: tag.id }]);
	client.sandbox.advance(LAG);
	expect(await rows(path)).toMatchObject([{ id }]);
});

test('What is deleted stays in lists for a while', async () => {
	const [tag] = await rows('/tags');
	await kit('DELETE', `/tags/${String(tag?.id)}`);
	expect((await rows('/tags'))[0]).toEqual(tag);
	expect(await kit('GET', `/tags/${String(tag?.id)}/subscribers`)).toEqual(NOT_FOUND);
	client.sandbox.advance(LAG);
	expect((await rows('/tags'))[0]).not.toEqual(tag);
});

test('Webhooks show at once', async () => {
	const event = { name: 'subscriber.subscriber_activate' };
	const sent = { target_url: 'https://example.com/hook', event };
	const { id } = await row(201, 'webhook', 'POST', '/webhooks', sent);
	expect(await rows('/webhooks')).toMatchObject([{ id }]);
});
