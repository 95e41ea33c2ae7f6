import { useClock } from '../support/clock';
import { kitNode } from '../support/n8n';
import { TestPolling } from '../support/polling';
import { SMOOTH, useSandbox } from '../support/sandbox';
import type { Row } from './cases';
import { idOfSubscriber } from './cases';

/** More than are remembered. */
const MANY = 10_500;

const sandbox = useSandbox({ subscribers: MANY }, SMOOTH);
const advance = useClock();

beforeAll(async () => {
	await kitNode();
});

test('New or Updated Subscriber reports everybody where more are updated at once than it remembers', async () => {
	const emails: string[] = [];
	for (let after = ''; emails.length < MANY;) {
		const path = `/kit/v4/subscribers?status=all&per_page=1000${after && `&after=${after}`}`;
		const { subscribers, pagination } = await sandbox.ask('GET', path);
		emails.push(...(subscribers as Row[]).map((row) => row.email_address as string));
		after = encodeURIComponent((pagination as { end_cursor: string }).end_cursor);
	}
	const renameAll = async (first_name: string) => {
		for (let first = 0; first < emails.length; first += 100) {
			const some = emails.slice(first, first + 100);
			const subscribers = some.map((email_address) => ({ email_address, first_name }));
			await sandbox.ask('POST', '/kit/v4/bulk/subscribers', { subscribers });
		}
	};
	await renameAll('One');
	const parameters = { watch: 'newOrUpdatedSubscriber' };
	const polling = new TestPolling({ parameters, credential: sandbox.credential });
	await polling.activate();
	advance(60);
	await renameAll('Two');
	const items = await polling.poll();
	expect(new Set(items.map(idOfSubscriber)).size).toBe(MANY);
	expect(items).toHaveLength(MANY);
	expect(polling.failures).toEqual([]);
	expect(await polling.poll()).toEqual([]);
}, 120_000);
