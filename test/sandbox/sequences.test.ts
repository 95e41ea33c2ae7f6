import { NOT_FOUND, refusal, SENTENCE, useKit } from './client';
import type { Row } from './client';

const client = useKit();
const { kit, row, rows } = client;

const WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const create = async (about: object = {}) =>
	await row(201, 'sequence', 'POST', '/sequences', { name: 'Series', ...about });
const pathOf = ({ id }: Row) => `/sequences/${String(id)}`;
const subscriber = async (emailAddress: string) =>
	await row(201, 'subscriber', 'POST', '/subscribers', { email_address: emailAddress });
const addEmail = async (sequence: Row, about: object = {}) =>
	await row(201, 'email', 'POST', `${pathOf(sequence)}/emails`, {
		subject: 'Step',
		delay_value: 1,
		delay_unit: 'days',
		...about,
	});

describe('A sequence', () => {
	test('needs a name only', async () => {
		const sequence = await create();
		expect(sequence).toMatchObject({
			name: 'Series',
			active: true,
			hold: false,
			repeat: false,
			send_days: WEEK,
			send_hour: 11,
			time_zone: 'America/New_York',
			email_template_id: null,
			exclude_subscriber_sources: [],
			email_count: 0,
			subscriber_count: 0,
		});
		expect((await rows('/sequences', 'sequences'))[0]).toEqual(sequence);
		expect(await row(200, 'sequence', 'GET', pathOf(sequence))).toEqual(sequence);
	});

	test('is changed in part', async () => {
		const sequence = await create({ send_days: ['friday', 'monday'], send_hour: 9, hold: true });
		expect(sequence).toMatchObject({ send_days: ['monday', 'friday'], send_hour: 9 });
		const excluded = [{ type: 'tag', ids: [2] }];
		const change = { repeat: true, exclude_subscriber_sources: excluded };
		const changed = await row(200, 'sequence', 'PUT', pathOf(sequence), change);
		expect(changed).toEqual({ ...sequence, ...change, updated_at: changed.updated_at });
	});

	test.each<[object, string]>([
		[{ name: ' ' }, "name can't be blank"],
		[{ name: 'x', send_hour: 24 }, 'send_hour must be an integer between 0 and 23'],
		[{ name: 'x', send_hour: 'noon' }, 'send_hour must be an integer between 0 and 23'],
		[{ name: 'x', send_days: ['someday'] }, `send_days must be one of: ${WEEK.join(', ')}`],
		[{ name: 'x', time_zone: 'Nowhere/Land' }, SENTENCE],
		[{ name: 'x', email_template_id: 1 }, 'Email template not found'],
		[{ name: 'x', active: 'perhaps' }, SENTENCE],
		[{ name: 'x', exclude_subscriber_sources: [{ type: 'person', ids: [1] }] }, SENTENCE],
	])('is refused: %j', async (body, sentence) => {
		expect(await kit('POST', '/sequences', body)).toEqual(refusal(sentence));
		const sequence = await create();
		expect(await kit('PUT', pathOf(sequence), body)).toEqual(refusal(sentence));
	});

	test('takes its emails with it', async () => {
		const sequence = await create();
		const email = await addEmail(sequence);
		expect((await kit('DELETE', pathOf(sequence))).status).toBe(204);
		expect(await kit('GET', pathOf(sequence))).toEqual(NOT_FOUND);
		expect(await kit('GET', `${pathOf(sequence)}/emails`)).toEqual(NOT_FOUND);
		expect(await kit('GET', `${pathOf(sequence)}/emails/${String(email.id)}`)).toEqual(NOT_FOUND);
	});

	test('has stats when asked for, which grow as its emails go out', async () => {
		const sequence = await create();
		await addEmail(sequence, { published: true });
		await addEmail(sequence);
		expect(await row(200, 'sequence', 'GET', pathOf(sequence))).not.toHaveProperty('stats');
		for (const { id } of await rows('/subscribers', 'subscribers')) {
			await kit('POST', `${pathOf(sequence)}/subscribers/${String(id)}`, {});
		}
		const path = `${pathOf(sequence)}?include=stats`;
		const before = await row(200, 'sequence', 'GET', path);
		expect(before).toMatchObject({ stats: { recipients: 0, open_rate: 0 } });
		client.sandbox.advance(3 * 24 * 3600);
		const { stats, subscriber_count: count } = await row(200, 'sequence', 'GET', path);
		expect(stats).toMatchObject({ recipients: count });
		expect((stats as Row).emails_opened).toBeGreaterThan(0);
		const emails = await rows(`${pathOf(sequence)}/emails?include=stats`, 'emails');
		expect(emails.map((email) => email.stats)).toEqual([stats, before.stats as Row]);
	});
});

describe('The subscribers of a sequence', () => {
	test('are those that were added, by id or address', async () => {
		const sequence = await create();
		const path = `${pathOf(sequence)}/subscribers`;
		const { id } = await subscriber('ann@example.com');
		const body = { email_address: 'ann@example.com' };
		const added = await row(201, 'subscriber', 'POST', path, body);
		expect(await row(200, 'subscriber', 'POST', `${path}/${String(id)}`)).toEqual(added);
		const [listed] = await rows(path, 'subscribers');
		expect(listed).toMatchObject({ id, state: 'active', added_at: added.added_at });
		expect(await rows(`${path}?added_before=2020-01-01`, 'subscribers')).toEqual([]);
		expect(await rows(`${path}?created_after=2020-01-01`, 'subscribers')).toHaveLength(1);
		expect(await row(200, 'sequence', 'GET', pathOf(sequence))).toMatchObject({
			subscriber_count: 1,
		});
		await kit('POST', `/subscribers/${String(id)}/unsubscribe`, {});
		expect(await rows(path, 'subscribers')).toEqual([]);
		expect(await rows(`${path}?status=cancelled`, 'subscribers')).toHaveLength(1);
	});

	test('must exist, and the sequence must be active', async () => {
		const path = `${pathOf(await create())}/subscribers`;
		const { email_address: address } = await subscriber('ben@example.com');
		expect(await kit('POST', path, {})).toEqual(
			refusal('Either subscriber id or email address is required to add subscriber to sequence'),
		);
		expect(await kit('POST', path, { email_address: 'no@example.com' })).toEqual(NOT_FOUND);
		expect(await kit('POST', `${path}/1`)).toEqual(NOT_FOUND);
		expect(await kit('POST', '/sequences/1/subscribers', {})).toEqual(NOT_FOUND);
		const paused = await create({ active: false });
		const reply = await kit('POST', `${pathOf(paused)}/subscribers`, { email_address: address });
		expect(reply).toEqual(refusal('Sequence is inactive'));
	});
});

describe('The emails of a sequence', () => {
	test('are listed by position, each one where it belongs or at the end', async () => {
		const sequence = await create();
		const path = `${pathOf(sequence)}/emails`;
		const second = await addEmail(sequence, { position: 4, content: '<p>Hi</p>' });
		const third = await addEmail(sequence, { subject: 'Last' });
		const first = await addEmail(sequence, { position: 0, delay_value: 0 });
		expect(third).toMatchObject({ position: 5, published: false, send_days: WEEK });
		const listed = await rows(path, 'emails');
		expect(listed.map(({ id }) => id)).toEqual([first.id, second.id, third.id]);
		expect(listed[0]).not.toHaveProperty('content');
		expect((await rows(`${path}?include_content=true`, 'emails'))[1]).toEqual(second);
		expect(await row(200, 'email', 'GET', `${path}/${String(second.id)}`)).toEqual(second);
		const page = await kit<{ emails: Row[]; pagination: { end_cursor: string } }>(
			'GET',
			`${path}?per_page=2`,
		);
		const cursor = encodeURIComponent(page.body.pagination.end_cursor);
		const rest = await rows(`${path}?per_page=2&after=${cursor}`, 'emails');
		expect(rest.map(({ id }) => id)).toEqual([third.id]);
	});

	test('are changed in part', async () => {
		const sequence = await create();
		const email = await addEmail(sequence, { content: '<p>Hi</p>', preview_text: 'Look' });
		const path = `${pathOf(sequence)}/emails/${String(email.id)}`;
		const days = await row(200, 'email', 'PUT', path, { send_days: ['monday'], published: true });
		expect(days).toEqual({ ...email, send_days: ['monday'], published: true });
		const hours = await row(200, 'email', 'PUT', path, { delay_unit: 'hours', send_days: null });
		expect(hours).toMatchObject({ delay_unit: 'hours', send_days: null });
		const weekend = { send_days: ['saturday', 'sunday'] };
		expect(await row(200, 'email', 'PUT', path, weekend)).toEqual({ ...hours, ...weekend });
		await kit('PUT', path, { send_days: null });
		const back = await row(200, 'email', 'PUT', path, { delay_unit: 'days', position: null });
		expect(back).toEqual({ ...email, published: true });
		expect((await kit('DELETE', path)).status).toBe(204);
		expect(await kit('PUT', path, {})).toEqual(NOT_FOUND);
	});

	test.each<[object, string]>([
		[{ subject: ' ' }, "subject can't be blank"],
		[{ delay_unit: 'weeks' }, 'delay_unit must be one of: days, hours'],
		[{ delay_value: -1 }, SENTENCE],
		[{ delay_value: 0 }, SENTENCE],
		[{ delay_value: 'soon' }, SENTENCE],
		[{ position: 0 }, 'position 0 is already taken in this sequence'],
		[{ position: 1.5 }, SENTENCE],
		[{ send_days: [] }, SENTENCE],
		[{ email_template_id: 1 }, 'Email template not found'],
	])('are refused: %j', async (about, sentence) => {
		const sequence = await create();
		await addEmail(sequence);
		const path = `${pathOf(sequence)}/emails`;
		const whole = { subject: 'Step', delay_value: 1, delay_unit: 'days', ...about };
		expect(await kit('POST', path, whole)).toEqual(refusal(sentence));
		const { id } = await addEmail(sequence);
		expect(await kit('PUT', `${path}/${String(id)}`, about)).toEqual(refusal(sentence));
	});

	test.each(['subject', 'delay_value', 'delay_unit'])('need %s', async (name) => {
		const whole = { subject: 'Step', delay_value: 1, delay_unit: 'days', [name]: undefined };
		const reply = await kit('POST', `${pathOf(await create())}/emails`, whole);
		expect(reply).toEqual(refusal(`${name} can't be blank`));
	});
});
