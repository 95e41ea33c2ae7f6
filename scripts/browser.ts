import { spawn } from 'node:child_process';

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
	const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
	child.once('error', () => undefined);
	child.unref();
}
