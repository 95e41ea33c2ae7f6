import { refusal, useKit } from './client';
import type { Row } from './client';

const client = useKit();
const { kit, row, rows } = client;

async function subscriber(emailAddress: string): Promise<Row> {
	return await row(201, 'subscriber', 'POST', '/subscribers', { email_address: emailAddress });
}

async function tag(name: string): Promise<Row> {
	return await row(201, 'tag', 'POST', '/tags', { name });
}

async function form(): Promise<Row> {
	const [first] = await rows('/forms', 'forms');
	if (!first) throw new Error('There are no forms');
	return first;
}

describe('The results of a bulk request', () => {
	const results = async (path: string, key: string, sent: object) =>
		(await kit<Record<string, Row[]>>('POST', `/bulk${path}`, sent)).body[key] ?? [];

	test('name new subscribers before those that were there', async () => {
		await subscriber('there@example.com');
		const addresses = ['there@example.com', 'b@example.com', 'a@example.com'];
		const subscribers = addresses.map((address) => ({ email_address: address }));
		const answered = await results('/subscribers', 'subscribers', { subscribers });
		expect(answered.map((one) => one.email_address)).toEqual([
			'b@example.com',
			'a@example.com',
			'there@example.com',
		]);
	});

	test('name the tags that were there before new ones, and the other way round', async () => {
		await tag('First');
		await tag('Second');
		const tags = ['New', 'First', 'Second'].map((name) => ({ name }));
		const answered = await results('/tags', 'tags', { tags });
		expect(answered.map(({ name }) => name)).toEqual(['Second', 'First', 'New']);
	});

	test('name custom fields by the alphabet', async () => {
		const fields = ['Zip', 'Color'].map((label) => ({ label }));
		const answered = await results('/custom_fields', 'custom_fields', { custom_fields: fields });
		expect(answered.map(({ label }) => label)).toEqual(['Color', 'Zip']);
	});

	test('are not in the order of the request', async () => {
		const ids = [(await subscriber('a@example.com')).id, (await subscriber('b@example.com')).id];
		const turned = [...ids].reverse();
		const tagId = (await tag('Bulk')).id;
		const taggings = ids.map((id) => ({ tag_id: tagId, subscriber_id: id }));
		const tagged = await results('/tags/subscribers', 'subscribers', { taggings });
		expect(tagged.map(({ id }) => id)).toEqual(turned);
		const formId = (await form()).id;
		const additions = ids.map((id) => ({ form_id: formId, subscriber_id: id }));
		const added = await results('/forms/subscribers', 'subscribers', { additions });
		expect(added.map(({ id }) => id)).toEqual(turned);
		const [field] = await rows('/custom_fields', 'custom_fields');
		const values = ids.map((id) => ({
			subscriber_id: id,
			subscriber_custom_field_id: field?.id,
			value: String(id),
		}));
		const sent = { custom_field_values: values };
		const set = await results('/custom_fields/subscribers', 'custom_field_values', sent);
		expect(set).toEqual([...values].reverse());
	});
});

describe('The failures of a bulk request', () => {
	const failures = async (method: string, path: string, sent: object) =>
		(await kit<{ failures: object[] }>(method, `/bulk${path}`, sent)).body.failures;

	test.each(['POST', 'DELETE'])('of %s name with null what does not exist', async (method) => {
		const { id } = await subscriber('a@example.com');
		const tagId = (await tag('Bulk')).id;
		const taggings = [
			{ tag_id: 1, subscriber_id: id },
			{ tag_id: tagId, subscriber_id: 1 },
		];
		expect(await failures(method, '/tags/subscribers', { taggings })).toEqual([
			{
				errors: ['Subscriber does not exist'],
				tagging: { tag_id: tagId, subscriber_id: null },
			},
			{ errors: ['Tag does not exist'], tagging: { tag_id: null, subscriber_id: id } },
		]);
	});

	test('name custom fields as they were sent', async () => {
		const { id } = await subscriber('a@example.com');
		const value = { subscriber_id: id, subscriber_custom_field_id: 1, value: 'x' };
		const nobody = { ...value, subscriber_id: 1 };
		const sent = { custom_field_values: [value, nobody] };
		expect(await failures('POST', '/custom_fields/subscribers', sent)).toEqual([
			{
				errors: ['Subscriber does not exist'],
				custom_field_value: { ...nobody, subscriber_id: null },
			},
			{ errors: ['Custom field does not exist'], custom_field_value: value },
		]);
	});

	test('name tags as they were sent; one alone is deleted', async () => {
		const { id } = await tag('Gone');
		expect(await failures('DELETE', '/tags', { tags: [{ id }] })).toEqual([]);
		expect(await failures('DELETE', '/tags', { tags: [{ id }] })).toEqual([
			{ errors: ['Tag does not exist'], tag: { id } },
		]);
	});
});

test('A bulk request with blank entries only is refused', async () => {
	const blank = { subscribers: [[], {}] };
	expect(await kit('POST', '/bulk/subscribers', blank)).toEqual(
		refusal('No subscribers included for processing'),
	);
});
