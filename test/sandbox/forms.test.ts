import { NOT_FOUND, refusal, useKit } from './client';
import type { Row } from './client';

const { kit, row, rows } = useKit();

const PAGE = 'https://www.example.com/offer/';
const REFERRER = `${PAGE}?utm_source=social&utm_medium=cpc&utm_campaign=spring`;
const NO_PARAMETERS = { source: null, medium: null, campaign: null, term: null, content: null };
const PARAMETERS = { ...NO_PARAMETERS, source: 'social', medium: 'cpc', campaign: 'spring' };

const named = async (name: string, query = '') => {
	const found = (await rows(`/forms?include=subscriber_count${query}`, 'forms')).find(
		(form) => form.name === name,
	);
	if (!found) throw new Error(`No form ${name}`);
	return found;
};
const pathOf = ({ id }: Row) => `/forms/${String(id)}/subscribers`;
const subscriber = async (emailAddress: string) =>
	await row(201, 'subscriber', 'POST', '/subscribers', { email_address: emailAddress });

describe('Forms', () => {
	test('are listed by status, which is active by default, and by type', async () => {
		const ids = async (query: string) =>
			(await rows(`/forms${query}`, 'forms')).map(({ id }) => id);
		const [active, archived, all] = [
			await ids(''),
			await ids('?status=archived'),
			await ids('?status=all'),
		];
		expect(archived).toHaveLength(1);
		expect([...active, ...archived].sort()).toEqual([...all].sort());
		expect(await ids('?status=trashed')).toEqual([]);
		const [embedded, hosted] = [await ids('?type=embed'), await ids('?type=hosted')];
		expect([...embedded, ...hosted].sort()).toEqual([...active].sort());
		expect((await rows('/forms?status=archived', 'forms'))[0]).toMatchObject({ archived: true });
		expect(await kit('GET', '/forms?status=old')).toEqual(
			refusal('Status must be one of: active, archived, trashed, all'),
		);
	});

	test('count their active subscribers when asked to', async () => {
		expect((await rows('/forms', 'forms'))[0]).not.toHaveProperty('subscriber_count');
		const form = await named('Welcome Form');
		expect(form.subscriber_count).toBe((await rows(pathOf(form), 'subscribers')).length);
		expect(form.subscriber_count).toBeGreaterThan(0);
	});
});

describe('The subscribers of a form', () => {
	test('are those that were added, by id or address, with where they came from', async () => {
		const form = await named('Exit offer');
		const { id } = await subscriber('ann@example.com');
		const body = { email_address: 'ANN@example.com', referrer: REFERRER };
		const added = await row(201, 'subscriber', 'POST', pathOf(form), body);
		expect(added).toMatchObject({
			id,
			state: 'active',
			fields: {},
			referrer: REFERRER,
			referrer_utm_parameters: PARAMETERS,
		});
		const path = `${pathOf(form)}/${String(id)}`;
		const again = await row(200, 'subscriber', 'POST', path, { referrer: PAGE });
		expect(again).toEqual(added);
		const [listed] = await rows(pathOf(form), 'subscribers');
		expect(listed).toMatchObject({ id, added_at: added.added_at, referrer: REFERRER });
		expect((await named('Exit offer')).subscriber_count).toBe(1);
	});

	test('may come from nowhere', async () => {
		const form = await named('Exit offer');
		const { id } = await subscriber('ben@example.com');
		const added = await row(201, 'subscriber', 'POST', `${pathOf(form)}/${String(id)}`, {});
		expect(added).toMatchObject({ referrer: null, referrer_utm_parameters: NO_PARAMETERS });
	});

	test('are filtered by status and dates', async () => {
		const path = pathOf(await named('Welcome Form'));
		const ids = async (query: string) =>
			(await rows(`${path}?${query}`, 'subscribers')).map(({ id }) => id);
		const all = await rows(`${path}?status=all`, 'subscribers');
		const states = ['active', 'cancelled', 'bounced', 'complained', 'inactive'];
		const each = await Promise.all(states.map(async (state) => await ids(`status=${state}`)));
		expect(each.flat().sort()).toEqual(all.map(({ id }) => id).sort());
		expect(await ids('')).toEqual(each[0]);
		const middle = String(all[5]?.added_at).slice(0, 10);
		for (const filter of ['added', 'created']) {
			const after = await ids(`status=all&${filter}_after=${middle}`);
			const before = await ids(`status=all&${filter}_before=${middle}`);
			expect([...after, ...before]).toEqual(all.map(({ id }) => id));
			expect(before.length).toBeGreaterThan(0);
			expect(after.length).toBeGreaterThan(0);
		}
		expect(await kit('GET', `${path}?status=gone`)).toEqual(
			refusal('Status must be one of: active, cancelled, bounced, complained, inactive, all'),
		);
	});

	test('have no fields in a slim list, and page newest first', async () => {
		const path = pathOf(await named('Welcome Form'));
		const whole = await rows(`${path}?status=all`, 'subscribers');
		const slim = await rows(`${path}?status=all&slim=true`, 'subscribers');
		expect(slim).toEqual(whole.map((one) => ({ ...one, fields: undefined })));
		const walked: Row[] = [];
		for (let after = '', more = true; more;) {
			const query = `status=all&per_page=3&after=${encodeURIComponent(after)}`;
			const { body } = await kit<{
				subscribers: Row[];
				pagination: { has_next_page: boolean; end_cursor: string };
			}>('GET', `${path}?${query}`);
			walked.push(...body.subscribers);
			({ has_next_page: more, end_cursor: after } = body.pagination);
		}
		expect(walked).toEqual(whole);
		const added = whole.map((one) => String(one.added_at));
		expect(added).toEqual([...added].sort().reverse());
	});

	test('must exist, and so must the form', async () => {
		const path = pathOf(await named('Exit offer'));
		const { id } = await subscriber('cat@example.com');
		expect(await kit('POST', path, {})).toEqual(
			refusal('Either subscriber id or email address is required to add subscriber to form'),
		);
		const unknown = { email_address: 'nobody@example.com' };
		expect(await kit('POST', path, unknown)).toEqual(NOT_FOUND);
		expect(await kit('POST', `${path}/1`, {})).toEqual(NOT_FOUND);
		expect(await kit('POST', `/forms/1/subscribers/${String(id)}`, {})).toEqual(NOT_FOUND);
		expect(await kit('GET', '/forms/1/subscribers')).toEqual(NOT_FOUND);
	});

	test('are added in bulk, each with its own result', async () => {
		const form = await named('Exit offer');
		const { id } = await subscriber('dan@example.com');
		const additions = [
			{ form_id: form.id, subscriber_id: id, referrer: REFERRER },
			{ form_id: form.id, subscriber_id: null },
			{ form_id: 1, subscriber_id: id, referrer: PAGE },
		];
		const reply = await kit('POST', '/bulk/forms/subscribers', { additions });
		expect(reply).toMatchObject({
			status: 200,
			body: {
				subscribers: [{ id, referrer: REFERRER, referrer_utm_parameters: PARAMETERS }],
				failures: [
					{ errors: ['Form does not exist'], subscription: { ...additions[2], form_id: null } },
					{
						errors: ['Subscriber does not exist'],
						subscription: { ...additions[1], referrer: null },
					},
				],
			},
		});
		expect((await rows(pathOf(form), 'subscribers')).map((one) => one.id)).toEqual([id]);
		expect(await kit('POST', '/bulk/forms/subscribers', { additions: [] })).toEqual(
			refusal('No additions included for processing'),
		);
	});
});
