import './environment';
import { kitNode, runKit } from './n8n';
import type { WorkerOrder, WorkerReport } from './workers';

/** The other side of `workers.ts`: n8n's engine with the built node, in a process of its own. */
async function work(order: WorkerOrder): Promise<WorkerReport> {
	const { json, error } = await runKit(order);
	return { json, error: error?.message };
}

process.on('message', (order: WorkerOrder) => {
	void work(order).then((report) => process.send?.(report));
});
void kitNode().then(() => process.send?.('ready'));
