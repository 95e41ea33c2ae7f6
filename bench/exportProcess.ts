import { keepBinaryData } from '../test/support/binaryData';
import { kitNode, runKit } from '../test/support/n8n';
import { sendBare } from './bareRequests';
import type { ExportOrder, ExportReport } from './export';
import { liftRateLimit } from './rateLimit';
import type { Credential } from './sandbox';

/** The most rows that Kit puts on one page. */
const PAGE = 1000;

async function exportByNode(credential: Credential): Promise<number> {
	const filters = { status: 'all' };
	const parameters = { resource: 'subscriber', operation: 'export', format: 'csv', filters };
	const { json, error } = await runKit({ credential, parameters });
	if (error) throw error;
	const [{ subscribers = 0 } = {}] = json as { subscribers?: number }[];
	return subscribers;
}

async function sendPages(credential: Credential, subscribers: number): Promise<number> {
	const count = Math.ceil(subscribers / PAGE);
	const path = `/kit/v4/subscribers?status=all&per_page=${String(PAGE)}`;
	await sendBare(credential, { count, path, atOnce: 1 });
	return subscribers;
}

/**
 * The process that is measured: n8n's engine with the built node, and nothing else. Its parent tells it
 * what to export, so that what it takes by then is known.
 */
async function carryOut(order: ExportOrder): Promise<ExportReport> {
	const { url, apiKey, by, subscribers, times, folder } = order;
	await keepBinaryData('filesystem', folder);
	const credential = { apiKey, connectionId: '', baseUrl: url };
	liftRateLimit(credential);
	const startedAt = Date.now();
	let all = 0;
	for (let number = 0; number < times; number++) {
		all += await (by === 'node' ? exportByNode(credential) : sendPages(credential, subscribers));
	}
	return { subscribers: all, seconds: (Date.now() - startedAt) / 1000 };
}

process.once('message', (order: ExportOrder) => {
	void carryOut(order).then((report) => {
		process.send?.(report);
		process.disconnect();
	});
});
void kitNode().then(() => process.send?.('ready'));
