import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repeat } from './spread';

const RUNS = 9;
const ROOT = join(__dirname, '..');

/** What n8n does with a package it loads, in a process in which n8n itself is loaded. */
const SCRIPT = `
require('n8n-workflow');
const { nodes, credentials } = require('./package.json').n8n;
const startedAt = performance.now();
for (const file of [...credentials, ...nodes]) {
	const className = file.match(/([^/]+?)\\.(node|credentials)\\.js$/)[1];
	new (require('./' + file)[className])();
}
console.log(performance.now() - startedAt);
`;

/**
 * Loads both nodes and the credential from the built files, each time in a process of its own.
 * @returns how long it takes, in milliseconds, beyond n8n itself
 */
export async function measureLoad() {
	return await repeat(RUNS, async () => {
		const { stdout } = await promisify(execFile)(process.execPath, ['--eval', SCRIPT], {
			cwd: ROOT,
		});
		return { ms: Number(stdout) };
	});
}
