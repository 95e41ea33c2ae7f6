import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SandboxOptions } from '../sandbox';

/** What the credential of a node holds. */
export interface Credential extends Record<string, string> {
	apiKey: string;
	connectionId: string;
	baseUrl: string;
}

/** A sandbox in a process of its own, so that what it takes is not counted for the node. */
export interface SandboxProcess {
	credential: Credential;
	/** Asks it for something. */
	ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
	stop(): void;
}

/**
 * Starts a sandbox in another process.
 * @param options how it is to be
 * @returns it; whoever started it stops it
 */
export async function sandboxProcess(options: SandboxOptions): Promise<SandboxProcess> {
	const child = fork(join(__dirname, 'sandboxProcess.ts'), [JSON.stringify(options)], {
		execArgv: ['--require', 'tsx/cjs', '--max-old-space-size=6000'],
	});
	const [{ url, apiKey }] = (await once(child, 'message')) as [{ url: string; apiKey: string }];
	return {
		credential: { apiKey, connectionId: '', baseUrl: url },
		async ask(method, path, body) {
			const response = await fetch(url + path, {
				method,
				headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
				...(body !== undefined && { body: JSON.stringify(body) }),
			});
			const text = await response.text();
			return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
		},
		stop() {
			child.kill();
		},
	};
}
