import { startWorkers } from '../test/support/workers';
import { sandboxProcess } from './sandbox';
import { repeat } from './spread';

const REQUESTS = 120;
const LIMIT = 10;
const RUNS = 5;

/**
 * Several n8n processes with one key write 120 snippets together, against a sandbox that keeps to Maton's
 * 10 requests a second.
 * @returns how many requests a second were let through, as a share of the limit, between the first
 * ten, which come at once, and the last ten, when some processes have nothing left to do
 */
export async function measureProcesses() {
	const sandbox = await sandboxProcess({ enforceRateLimit: true });
	const workers = await startWorkers(4);
	const share = async (count: number) => {
		await sandbox.ask('POST', '/_sandbox/reset');
		const items = Array.from({ length: REQUESTS / count }, (_, number) => ({ number }));
		const reports = await Promise.all(
			workers.slice(0, count).map(
				async (worker) =>
					await worker.run({
						credential: sandbox.credential,
						parameters: {
							resource: 'snippet',
							operation: 'create',
							name: '={{ "Snippet " + $json.number }}',
							snippetType: 'inline',
							content: 'Hello',
						},
						items,
					}),
			),
		);
		for (const { error } of reports) if (error) throw new Error(error);
		const { requests } = await sandbox.ask('GET', '/_sandbox/requests');
		const times = (requests as { status: number; time: number }[])
			.filter(({ status }) => status !== 429)
			.map(({ time }) => time);
		const middle = times.slice(LIMIT - 1, -LIMIT);
		const seconds = ((middle.at(-1) ?? 0) - (middle[0] ?? 0)) / 1000;
		return (middle.length - 1) / seconds / LIMIT;
	};
	try {
		return await repeat(RUNS, async () => ({ two: await share(2), four: await share(4) }));
	} finally {
		sandbox.stop();
		for (const worker of workers) worker.stop();
	}
}
