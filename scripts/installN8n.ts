import { join } from 'node:path';
import { asSentence } from './failure';
import { installN8n } from './n8n/install';

/** Gets n8n, for what needs it later. */
async function main(): Promise<void> {
	await installN8n(join(__dirname, '..'), new AbortController().signal);
}

main().catch((error: unknown) => {
	console.error(asSentence(error));
	process.exitCode = 1;
});
