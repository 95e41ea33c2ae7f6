import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runKit } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import { byId } from './cases/case';

const sandbox = useSandbox();

const EMAIL = { subject: 'Hi', content: '<p>Hi</p>' };

async function run(operation: string, parameters: INodeParameters) {
	return await runKit({
		credential: sandbox.credential,
		parameters: { resource: 'broadcast', operation, ...parameters },
	});
}

async function tagNamed(name: string): Promise<number> {
	const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name });
	return (tag as { id: number }).id;
}

test('Send Now sends at once, and says to how many', async () => {
	const { subscribers } = await sandbox.ask('GET', '/kit/v4/subscribers?per_page=1000');
	const { json } = await run('create', { ...EMAIL, when: 'now' });
	expect(json).toMatchObject([
		{ status: 'sending', recipient_count: (subscribers as unknown[]).length },
	]);
});

test('recipients that Kit does not count have no count, and a draft needs none', async () => {
	const ids = [await tagNamed('One'), await tagNamed('Other')];
	const recipients = { recipients: { match: 'any', tagIds: ids, segmentIds: [] } };
	const several = await run('create', { ...EMAIL, when: 'now', recipients });
	expect(several.json[0]).not.toHaveProperty('recipient_count');
	const draft = await run('create', { ...EMAIL, recipients });
	expect(draft.json[0]).not.toHaveProperty('recipient_count');
	expect(sandbox.requests().map(({ request }) => request)).toEqual([
		'POST /kit/v4/broadcasts',
		'POST /kit/v4/broadcasts',
	]);
});

test('a broadcast whose recipients cannot be counted is there all the same, and that is said', async () => {
	const isCount = { path: '/kit/v4/subscribers' };
	sandbox.current.fault({ kind: 'status', status: 403, ...isCount });
	const { json, error, run: finished } = await run('create', { ...EMAIL, when: 'now' });
	expect(error).toBeUndefined();
	expect(json).toMatchObject([{ subject: 'Hi', status: 'sending' }]);
	expect(json[0]).not.toHaveProperty('recipient_count');
	const hints = finished.data.resultData.runData.Kit?.at(-1)?.hints ?? [];
	expect(hints.map(({ message }) => message)).toContainEqual(
		expect.stringContaining('could not be counted'),
	);
});

test('an update leaves a schedule as it is, unless When says otherwise', async () => {
	const sendAt = '2099-12-01T09:00:00.000Z';
	const { json } = await run('create', { ...EMAIL, when: 'atTime', sendAt });
	const broadcastId = byId(json[0]?.id);
	const changed = await run('update', { broadcastId, updateFields: { subject: 'Other' } });
	expect(changed.json).toMatchObject([{ subject: 'Other', status: 'scheduled' }]);
	const draft = await run('update', { broadcastId, when: 'draft' });
	expect(draft.json).toMatchObject([{ subject: 'Other', status: 'draft', send_at: null }]);
});

test('Duplicate makes a draft of what was sent, and changes nothing about that', async () => {
	const { broadcasts } = await sandbox.ask('GET', '/kit/v4/broadcasts?status=completed');
	const [sent] = broadcasts as (IDataObject & { id: number })[];
	const { json } = await run('duplicate', { broadcastId: byId(sent?.id) });
	expect(json).toMatchObject([
		{
			subject: sent?.subject,
			content: sent?.content,
			email_template: sent?.email_template,
			subscriber_filter: sent?.subscriber_filter,
			status: 'draft',
			send_at: null,
			public: false,
		},
	]);
	expect(json[0]?.id).not.toBe(sent?.id);
	const { broadcast } = await sandbox.ask('GET', `/kit/v4/broadcasts/${String(sent?.id)}`);
	expect(broadcast).toEqual(sent);
});

test('Duplicate of a broadcast that is gone says which, and creates nothing', async () => {
	const { error } = await run('duplicate', { broadcastId: byId(999_999) });
	expect(error?.message).toBe('Not Found (broadcast 999999)');
	expect(sandbox.requests()).toHaveLength(1);
});

test.each([
	['create', EMAIL, 'To reach all active subscribers, take the field away'],
	['update', { broadcastId: byId(1) }, 'To leave its recipients as they are, take the field away'],
])('%s says of recipients without anybody what taking the field away does', async (...the) => {
	const [operation, parameters, sentence] = the;
	const recipients = { recipients: { match: 'any', tagIds: [], segmentIds: [] } };
	const { error } = await run(operation, { ...parameters, recipients });
	expect(error?.message).toContain(`Recipients must name at least one segment or tag. ${sentence}`);
	expect(sandbox.requests()).toEqual([]);
});

test('a broadcast that was changed is said to be, though another item failed before it was counted', async () => {
	const ids: number[] = [];
	for (const subject of ['One', 'Two']) {
		const { broadcast } = await sandbox.ask('POST', '/kit/v4/broadcasts', { ...EMAIL, subject });
		ids.push((broadcast as { id: number }).id);
	}
	sandbox.current.clearFaults();
	sandbox.current.settings.latencyMs = 200;
	const [, path] = ids.map((id) => `/kit/v4/broadcasts/${String(id)}`);
	sandbox.current.fault({ kind: 'status', status: 422, body: { errors: ['No'] }, path });
	sandbox.current.fault({ kind: 'status', status: 429, path: '/kit/v4/subscribers' });
	const { error } = await runKit({
		credential: sandbox.credential,
		parameters: {
			resource: 'broadcast',
			operation: 'update',
			broadcastId: byId('={{ $json.id }}'),
			when: 'atTime',
			sendAt: '2099-12-01T09:00:00Z',
		},
		items: ids.map((id) => ({ id })),
	});
	expect(error?.message).toBe('No. 1 of 2 items went through, 1 did not.');
});
