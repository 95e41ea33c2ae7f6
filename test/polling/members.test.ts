import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { useClock } from '../support/clock';
import { kitNode } from '../support/n8n';
import { TestPolling } from '../support/polling';
import { ROUGH, useSandbox } from '../support/sandbox';
import type { Row } from './cases';
import { addSubscriber, byId, idOfSubscriber, sendBroadcast } from './cases';

const sandbox = useSandbox({ subscribers: 500 }, { ...ROUGH, lagMs: 0 });
const advance = useClock();

beforeAll(async () => {
	await kitNode();
});

async function start(parameters: INodeParameters): Promise<TestPolling> {
	const polling = new TestPolling({ parameters, credential: sandbox.credential });
	await polling.activate();
	return polling;
}

/** Who meets conditions now, by ID */
async function matching(...all: IDataObject[]): Promise<number[]> {
	const { lagMs } = sandbox.current.settings;
	sandbox.current.settings.lagMs = 0;
	const ids: number[] = [];
	for (let after: unknown; ;) {
		const body = { all, per_page: 100, ...(after !== undefined && { after }) };
		const answer = await sandbox.ask('POST', '/kit/v4/subscribers/filter', body);
		ids.push(...(answer.subscribers as { id: string }[]).map(({ id }) => Number(id)));
		const { has_next_page, end_cursor } = answer.pagination as IDataObject;
		if (has_next_page !== true) break;
		after = end_cursor;
	}
	sandbox.current.settings.lagMs = lagMs;
	return ids.sort();
}

async function firstTag(): Promise<number> {
	const [tag] = (await sandbox.ask('GET', '/kit/v4/tags')).tags as Row[];
	return tag?.id ?? 0;
}

/** Whether a request reads members, and does not only count them; the first page of them */
const isPage = (body: unknown) => {
	const { per_page: perPage, after } = (body ?? {}) as IDataObject;
	return perPage === 100 && after === undefined;
};

const tagged = (tag: number, id: number) => `/kit/v4/tags/${String(tag)}/subscribers/${String(id)}`;

const HOUR = 3600;

describe('Opened a Broadcast', () => {
	test('reports everybody who opens a broadcast once, in the days in which they do', async () => {
		const polling = await start({ watch: 'openedBroadcast' });
		const id = await sendBroadcast(sandbox.ask);
		expect(await polling.poll()).toEqual([]);
		const items: IDataObject[] = [];
		for (let hour = 0; hour < 50; hour += 5) {
			advance(5 * HOUR);
			items.push(...(await polling.poll()));
		}
		const openers = await matching({ type: 'opens', any: [{ type: 'broadcasts', ids: [id] }] });
		expect(openers.length).toBeGreaterThan(100);
		const own = items.filter(({ broadcast }) => (broadcast as Row).id === id);
		expect(own.map(idOfSubscriber).sort()).toEqual(openers);
		expect(own[0]).toMatchObject({
			event: 'subscriber.email_opened',
			broadcast: { subject: 'News' },
			subscriber: { fields: {} },
		});
		expect(await polling.poll()).toEqual([]);
		expect(await (await polling.restart()).poll()).toEqual([]);
		expect(polling.failures).toEqual([]);
	});

	test('shows in the editor who has opened the newest of the broadcasts that somebody has opened', async () => {
		const id = await sendBroadcast(sandbox.ask);
		advance(2 * HOUR);
		const newer = await sendBroadcast(sandbox.ask);
		advance(2 * HOUR);
		await sendBroadcast(sandbox.ask);
		const polling = new TestPolling({
			parameters: { watch: 'openedBroadcast' },
			credential: sandbox.credential,
		});
		const ids = (await polling.test()).map(({ broadcast }) => (broadcast as Row).id);
		expect(ids).toEqual([newer, newer, newer, newer, newer]);
		expect(ids).not.toContain(id);
	});

	test('keeps to one broadcast, and to those who meet conditions, and costs one request when quiet', async () => {
		const tag = await firstTag();
		const id = await sendBroadcast(sandbox.ask);
		const polling = await start({
			watch: 'openedBroadcast',
			opened: 'broadcast',
			broadcastId: byId(id),
			conditions: { condition: [{ type: 'tags', tagIds: [tag] }] },
		});
		await sendBroadcast(sandbox.ask);
		advance(2 * HOUR);
		const items = await polling.poll();
		const opens = { type: 'opens', any: [{ type: 'broadcasts', ids: [id] }] };
		const tags = { type: 'tags', any: [{ type: 'ids', matching: [tag] }] };
		expect(items.map(idOfSubscriber).sort()).toEqual(await matching(opens, tags));
		expect(items).not.toEqual([]);
		sandbox.current.log.length = 0;
		expect(await polling.poll()).toEqual([]);
		expect(sandbox.current.log).toHaveLength(1);
	});
});

describe('what is counted and has not changed', () => {
	const requests = () => sandbox.requests().map(({ body }) => (body as IDataObject).per_page);

	test('is read again once a day where nobody can cease to be in it, and once an hour otherwise', async () => {
		const id = await sendBroadcast(sandbox.ask);
		advance(2 * HOUR);
		const one = { watch: 'openedBroadcast', opened: 'broadcast', broadcastId: byId(id) };
		const polling = await start(one);
		const tag = await firstTag();
		const conditions = { condition: [{ type: 'tags', tagIds: [tag] }] };
		const narrower = await start({ ...one, conditions });
		advance(3 * HOUR);
		sandbox.current.log.length = 0;
		await polling.poll();
		expect(requests()).toEqual([1]);
		await narrower.poll();
		expect(requests()).toEqual([1, 1, 100]);
		advance(96 * HOUR);
		await polling.poll();
		const asked = requests().slice(3);
		const { length } = await matching({ type: 'opens', any: [{ type: 'broadcasts', ids: [id] }] });
		expect(asked).toEqual([1, ...Array.from({ length: Math.ceil(length / 100) }, () => 100)]);
	});

	test('is known where Kit’s list of broadcasts misses it for a while', async () => {
		const polling = await start({ watch: 'openedBroadcast' });
		await sendBroadcast(sandbox.ask);
		advance(2 * HOUR);
		expect((await polling.poll()).length).toBeGreaterThan(0);
		const empty = { broadcasts: [], pagination: { has_next_page: false } };
		advance(23 * HOUR);
		await polling.poll();
		for (let hour = 0; hour < 20; hour++) {
			const fault = {
				kind: 'status',
				status: 200,
				body: empty,
				path: '/kit/v4/broadcasts',
			} as const;
			sandbox.current.fault(fault);
			advance(HOUR);
			expect(await polling.poll()).toEqual([]);
		}
		const again = (await polling.poll()).map(({ id }) => id);
		expect(again).toEqual([]);
	});
});

test('Clicked a Link reports everybody who clicks it once', async () => {
	const polling = await start({ watch: 'clickedLink', linkUrl: 'https://example.com/course' });
	await sendBroadcast(sandbox.ask);
	const items: IDataObject[] = [];
	for (let hour = 0; hour < 6; hour++) {
		advance(HOUR);
		items.push(...(await polling.poll()));
	}
	const url = { type: 'urls', urls: ['https://example.com/course'], matching: 'exact' };
	const clickers = await matching({ type: 'clicks', any: [url] });
	expect(clickers).not.toEqual([]);
	expect(items.map(idOfSubscriber).sort()).toEqual(clickers);
	expect(items[0]).toMatchObject({
		event: 'subscriber.link_clicked',
		url: 'https://example.com/course',
	});
});

describe('Matches a Filter', () => {
	const conditions = (tag: number) => ({ condition: [{ type: 'tags', tagIds: [tag] }] });

	async function inBulk(method: string, tag: number, ids: number[]): Promise<void> {
		for (let from = 0; from < ids.length; from += 100) {
			const some = ids.slice(from, from + 100);
			const taggings = some.map((id) => ({ tag_id: tag, subscriber_id: id }));
			await sandbox.ask(method, '/kit/v4/bulk/tags/subscribers', { taggings });
		}
	}

	test('reports who starts to match, and after ten minutes who has ceased', async () => {
		const tag = await firstTag();
		const parameters = { watch: 'matchesFilter', transition: 'both', conditions: conditions(tag) };
		const polling = await start(parameters);
		expect(await polling.poll()).toEqual([]);
		const id = await addSubscriber(sandbox.ask);
		await sandbox.ask('POST', tagged(tag, id));
		const [came, ...others] = await polling.poll();
		expect(others).toEqual([]);
		expect(came).toMatchObject({ event: 'subscriber.started_matching', subscriber: { id } });
		await sandbox.ask('DELETE', tagged(tag, id));
		expect(await polling.poll()).toEqual([]);
		advance(660);
		const [went] = await polling.poll();
		expect(went).toMatchObject({ event: 'subscriber.ceased_matching', subscriber: { id } });
		expect(went?.subscriber).toHaveProperty('state', 'active');
		await sandbox.ask('POST', tagged(tag, id));
		const [again] = await polling.poll();
		expect(again).toMatchObject({ event: 'subscriber.started_matching', subscriber: { id } });
		expect(again?.id).not.toBe(came?.id);
	});

	/** All who are active have a tag when the watch begins, and then nobody has */
	async function afterAllHaveLeft(transition: string) {
		const tag = await firstTag();
		const everybody = await matching({ type: 'subscriber_state', states: ['active'] });
		await inBulk('POST', tag, everybody);
		const parameters = { watch: 'matchesFilter', transition, conditions: conditions(tag) };
		const polling = await start(parameters);
		const members = await matching({ type: 'tags', any: [{ type: 'ids', matching: [tag] }] });
		expect(members.length).toBeGreaterThan(200);
		await inBulk('DELETE', tag, members);
		expect(await polling.poll()).toEqual([]);
		advance(660);
		return { tag, polling, members };
	}

	test('reports everybody once when many leave at once, 200 in a poll, and keeps what it remembers small', async () => {
		const { polling, members } = await afterAllHaveLeft('ceases');
		sandbox.current.log.length = 0;
		const items: IDataObject[] = [];
		for (let left = members.length; left > 0; left -= 200) {
			const found = await polling.poll();
			expect(found).toHaveLength(Math.min(left, 200));
			const remembered = JSON.stringify(polling.saved).length;
			expect(remembered).toBeLessThan(500 + 6 * members.length);
			items.push(...found);
		}
		expect(items.map(idOfSubscriber).sort()).toEqual(members);
		expect(await polling.poll()).toEqual([]);
		// They are read once for all of these polls.
		const reads = sandbox.requests().filter(({ body }) => isPage(body));
		expect(reads).toHaveLength(1);
	});

	test('reports everybody who matches again, however many have ceased to before', async () => {
		const { tag, polling, members } = await afterAllHaveLeft('starts');
		expect(await polling.poll()).toEqual([]);
		await inBulk('POST', tag, members);
		const items = await polling.poll();
		expect(items.map(idOfSubscriber).sort()).toEqual(members);
	});

	test('finds within an hour one who comes when another goes, although as many match as before', async () => {
		const tag = await firstTag();
		const parameters = { watch: 'matchesFilter', conditions: conditions(tag) };
		const polling = await start(parameters);
		const [member = 0] = await matching({ type: 'tags', any: [{ type: 'ids', matching: [tag] }] });
		const id = await addSubscriber(sandbox.ask);
		await sandbox.ask('DELETE', tagged(tag, member));
		await sandbox.ask('POST', tagged(tag, id));
		expect(await polling.poll()).toEqual([]);
		advance(3700);
		expect((await polling.poll()).map(idOfSubscriber)).toEqual([id]);
	});

	test('does not report who is missing in one answer only', async () => {
		const tag = await firstTag();
		const polling = await start({
			watch: 'matchesFilter',
			transition: 'both',
			conditions: conditions(tag),
		});
		const [member = 0] = await matching({ type: 'tags', any: [{ type: 'ids', matching: [tag] }] });
		await sandbox.ask('DELETE', tagged(tag, member));
		expect(await polling.poll()).toEqual([]);
		await sandbox.ask('POST', tagged(tag, member));
		advance(900);
		expect(await polling.poll()).toEqual([]);
	});

	test('goes on with conditions on the last days, which move on with each day', async () => {
		const polling = await start({
			watch: 'matchesFilter',
			transition: 'both',
			conditions: { condition: [{ type: 'joined_lately', lastDays: 2 }] },
		});
		const id = await addSubscriber(sandbox.ask);
		const ofThem = async () =>
			(await polling.poll())
				.filter((item) => idOfSubscriber(item) === id)
				.map(({ event }) => event);
		expect(await ofThem()).toEqual(['subscriber.started_matching']);
		const events: unknown[] = [];
		// One day more, since the days are those of the workflow's zone.
		for (let day = 0; day < 5; day++) {
			advance(24 * HOUR);
			events.push(...(await ofThem()));
		}
		expect(events).toEqual(['subscriber.ceased_matching']);
	});

	test('takes tags by name, and looks each up once', async () => {
		const [tag] = (await sandbox.ask('GET', '/kit/v4/tags')).tags as Row[];
		const id = tag?.id ?? 0;
		const polling = await start({
			watch: 'matchesFilter',
			conditions: { condition: [{ type: 'tags', tagIds: `=${String(tag?.name)}` }] },
		});
		const subscriber = await addSubscriber(sandbox.ask);
		await sandbox.ask('POST', tagged(id, subscriber));
		sandbox.current.log.length = 0;
		expect((await polling.poll()).map(idOfSubscriber)).toEqual([subscriber]);
		expect(sandbox.current.log.filter(({ path }) => path === '/kit/v4/tags')).toEqual([]);
	});

	/** Watches a tag by its name, makes it anew, and gives it to somebody. */
	async function startAndMakeAnew() {
		const [old] = (await sandbox.ask('GET', '/kit/v4/tags')).tags as Row[];
		const name = String(old?.name);
		const polling = await start({
			watch: 'matchesFilter',
			conditions: { condition: [{ type: 'tags', tagIds: `=${name}` }] },
		});
		await sandbox.ask('DELETE', `/kit/v4/tags/${String(old?.id)}`);
		const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name });
		const id = await addSubscriber(sandbox.ask);
		await sandbox.ask('POST', tagged((tag as Row).id, id));
		return { polling, id };
	}

	test('goes on with the new tag where one that is called by its name was deleted and made anew', async () => {
		const { polling, id } = await startAndMakeAnew();
		advance(HOUR);
		expect((await polling.poll()).map(idOfSubscriber)).toEqual([id]);
		sandbox.current.log.length = 0;
		await polling.poll();
		expect(sandbox.current.log.filter(({ path }) => path === '/kit/v4/tags')).toEqual([]);
		expect(polling.failures).toEqual([]);
	});

	test('goes on with a tag that has another name since', async () => {
		const [tag] = (await sandbox.ask('GET', '/kit/v4/tags')).tags as Row[];
		const polling = await start({
			watch: 'matchesFilter',
			conditions: { condition: [{ type: 'tags', tagIds: `=${String(tag?.name)}` }] },
		});
		await sandbox.ask('PUT', `/kit/v4/tags/${String(tag?.id)}`, { name: 'Renamed' });
		const id = await addSubscriber(sandbox.ask);
		await sandbox.ask('POST', tagged(tag?.id ?? 0, id));
		advance(HOUR);
		expect((await polling.poll()).map(idOfSubscriber)).toEqual([id]);
		expect(polling.failures).toEqual([]);
	});

	test('looks names up again after a poll that has failed', async () => {
		const { polling, id } = await startAndMakeAnew();
		const body = { errors: ['Tag does not exist'] };
		const path = '/kit/v4/subscribers/filter';
		sandbox.current.fault({ kind: 'status', status: 422, body, path });
		expect(await polling.poll()).toEqual([]);
		expect(polling.failures.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^Tag does not exist\. /),
		]);
		expect((await polling.poll()).map(idOfSubscriber)).toEqual([id]);
	});

	test.each(['ceases', 'starts'])(
		'shows in the editor what comes of it: %s',
		async (transition) => {
			const tag = await firstTag();
			const parameters = { watch: 'matchesFilter', transition, conditions: conditions(tag) };
			const polling = new TestPolling({ parameters, credential: sandbox.credential });
			const shown = await polling.test();
			expect(shown).toHaveLength(5);
			const event = transition === 'ceases' ? 'ceased_matching' : 'started_matching';
			expect(shown[0]).toMatchObject({
				event: `subscriber.${event}`,
				subscriber: { email_address: expect.any(String) as string },
			});
		},
	);

	test('says at once, and after one request, that so many cannot be remembered', async () => {
		const body = { subscribers: [], pagination: { has_next_page: false, total_count: 50_001 } };
		const path = '/kit/v4/subscribers/filter';
		const polling = await start({
			watch: 'matchesFilter',
			conditions: conditions(await firstTag()),
		});
		sandbox.current.log.length = 0;
		sandbox.current.fault({ kind: 'status', status: 200, body, path });
		expect(await polling.poll()).toEqual([]);
		expect(polling.failures.map(({ message }) => message)).toEqual([
			expect.stringMatching(
				/^More than 50,000 subscribers meet the conditions, and so many cannot be remembered\./,
			),
		]);
		expect(sandbox.requests()).toHaveLength(1);
	});

	test('does not read them all again and again where Kit counts more than it lists', async () => {
		const polling = await start({
			watch: 'matchesFilter',
			conditions: conditions(await firstTag()),
		});
		const countOneMore = async () => {
			const body = {
				subscribers: [],
				pagination: { has_next_page: false, total_count: 1000 },
			};
			const path = '/kit/v4/subscribers/filter';
			sandbox.current.fault({ kind: 'status', status: 200, body, path });
			sandbox.current.log.length = 0;
			expect(await polling.poll()).toEqual([]);
			return sandbox.requests().filter(({ body: sent }) => isPage(sent)).length;
		};
		expect(await countOneMore()).toBe(1);
		advance(300);
		expect(await countOneMore()).toBe(1);
		advance(300);
		expect(await countOneMore()).toBe(1);
		advance(60);
		expect(await countOneMore()).toBe(0);
	});

	test('says so where a name is nobody’s, before the workflow is active', async () => {
		const polling = new TestPolling({
			parameters: {
				watch: 'matchesFilter',
				conditions: { condition: [{ type: 'tags', tagIds: '=Nothing of the kind' }] },
			},
			credential: sandbox.credential,
		});
		await expect(polling.activate()).rejects.toThrow('has no tag called “Nothing of the kind”');
	});
});
