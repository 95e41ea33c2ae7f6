import { kitNode, runKit } from '../test/support/n8n';
import type { Credential } from './sandbox';
import { sandboxProcess } from './sandbox';
import { repeat, timed } from './spread';

const TAGGINGS = 10_000;
/** One request for each of 10,000 would take 1,000 seconds, so so many are timed and scaled. */
const SINGLE = 100;
const RUNS = 5;

async function tagPeople(credential: Credential, operation: string, tag: number, ids: number[]) {
	const locator = (value: string) => ({ __rl: true, mode: 'id', value });
	const { error } = await runKit({
		credential,
		parameters: {
			resource: 'tag',
			operation,
			tagId: locator(String(tag)),
			subscriberId: locator('={{ $json.id }}'),
		},
		items: ids.map((id) => ({ id })),
	});
	if (error) throw error;
}

/**
 * Tags 10,000 subscribers with the bulk operation, against one request for each, both at Maton's 10
 * requests a second.
 * @returns how many requests it takes, and how many times faster it is
 */
export async function measureBulkTag() {
	await kitNode();
	const sandbox = await sandboxProcess({ subscribers: TAGGINGS, enforceRateLimit: true });
	try {
		const { credential } = sandbox;
		/** Forgets what was sent, also to the sandbox's limit: each measurement begins with all of it. */
		const fresh = async () => {
			await sandbox.ask('POST', '/_sandbox/reset');
			await sandbox.ask('PUT', '/_sandbox/settings', { enforceRateLimit: false });
			const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name: 'Bench' });
			const ids: number[] = [];
			for (let after = ''; ids.length < TAGGINGS;) {
				const query = `status=all&per_page=1000&after=${encodeURIComponent(after)}`;
				const page = await sandbox.ask('GET', `/kit/v4/subscribers?${query}`);
				ids.push(...(page.subscribers as { id: number }[]).map(({ id }) => id));
				after = (page.pagination as { end_cursor: string }).end_cursor;
			}
			await sandbox.ask('PUT', '/_sandbox/settings', { enforceRateLimit: true });
			await sandbox.ask('DELETE', '/_sandbox/requests');
			return { tag: (tag as { id: number }).id, ids };
		};
		return await repeat(RUNS, async () => {
			const { tag, ids } = await fresh();
			const bulkMs = await timed(async () => {
				await tagPeople(credential, 'addToSubscribers', tag, ids);
			});
			const { requests } = await sandbox.ask('GET', '/_sandbox/requests');
			const again = await fresh();
			const singleMs = await timed(async () => {
				await tagPeople(credential, 'addToSubscriber', again.tag, ids.slice(0, SINGLE));
			});
			return {
				requests: (requests as unknown[]).length,
				speedup: (singleMs * (TAGGINGS / SINGLE)) / bulkMs,
				bulkMs,
				singleMsPerItem: singleMs / SINGLE,
			};
		});
	} finally {
		sandbox.stop();
	}
}
