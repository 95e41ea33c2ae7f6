import { spawn } from 'node:child_process';
import { childEnvironment } from './childEnvironment';

const OPENERS: Readonly<Partial<Record<string, [string, ...string[]]>>> = {
	darwin: ['open'],
	win32: ['cmd', '/c', 'start', ''],
};

/**
 * Opens an address in the person's browser. Where there is none, nothing happens.
 * @param url the address
 */
export function openBrowser(url: string): void {
	const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
	const options = { stdio: 'ignore', detached: true, env: childEnvironment() } as const;
	const child = spawn(program, [...args, url], options);
	child.once('error', () => undefined);
	child.unref();
}
