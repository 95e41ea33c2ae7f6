import { keepBinaryData } from '../test/support/binaryData';
import { kitNode, runKit } from '../test/support/n8n';
import type { ExportOrder, ExportReport } from './export';
import { liftRateLimit } from './rateLimit';

/**
 * The process that is measured: n8n's engine with the built node, and nothing else. Its parent tells it
 * what to export, so that what it takes by then is known.
 */
async function exportSubscribers(order: ExportOrder): Promise<ExportReport> {
	const { url, apiKey, format, compress, paced, times, folder } = order;
	await keepBinaryData('filesystem', folder);
	const credential = { apiKey, connectionId: '', baseUrl: url };
	if (!paced) liftRateLimit(credential);
	const startedAt = Date.now();
	let all = 0;
	for (let number = 0; number < times; number++) {
		const { json, error } = await runKit({
			credential,
			parameters: {
				resource: 'subscriber',
				operation: 'export',
				format,
				filters: { status: 'all' },
				options: { compress },
			},
		});
		if (error) throw error;
		const [{ subscribers = 0 } = {}] = json as { subscribers?: number }[];
		all += subscribers;
	}
	return { subscribers: all, seconds: (Date.now() - startedAt) / 1000 };
}

process.once('message', (order: ExportOrder) => {
	void exportSubscribers(order).then((report) => {
		process.send?.(report);
		process.disconnect();
	});
});
void kitNode().then(() => process.send?.('ready'));
