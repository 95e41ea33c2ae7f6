import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { KitResult, KitRun } from './n8n';

/** A run of the Kit node in another process. */
export type WorkerOrder = Omit<KitRun, 'whileRunning'>;

/** How it ended. */
export interface WorkerReport extends Pick<KitResult, 'json'> {
	/** The message of what the run failed with, if it did */
	error?: string;
}

/** A process with n8n's engine and the built node, as n8n has several of in queue mode. */
export interface KitWorker {
	/** Runs the Kit node there, one run at a time. */
	run(order: WorkerOrder): Promise<WorkerReport>;
	stop(): void;
}

async function messageOf(child: ChildProcess): Promise<unknown> {
	const given = new AbortController();
	const ended = once(child, 'exit', given).then(([code]) => {
		throw new Error(`The worker ended with ${String(code)}`);
	});
	try {
		const [message] = (await Promise.race([once(child, 'message', given), ended])) as [unknown];
		return message;
	} finally {
		ended.catch(() => undefined);
		given.abort();
	}
}

/**
 * Starts processes that can run the Kit node.
 * @param count how many
 * @returns them, once all have loaded the node; whoever started them stops them
 */
export async function startWorkers(count: number): Promise<KitWorker[]> {
	const children = Array.from({ length: count }, () =>
		fork(join(__dirname, 'worker.ts'), { execArgv: ['--require', 'tsx/cjs'] }),
	);
	await Promise.all(children.map(messageOf));
	return children.map((child) => ({
		async run(order) {
			child.send(order);
			return (await messageOf(child)) as WorkerReport;
		},
		stop() {
			child.kill();
		},
	}));
}
