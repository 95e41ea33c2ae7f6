import { join } from 'node:path';
import { asSentence } from './failure';
import { buildPackage } from './n8n/build';

/** Builds the package, for what is going to use it beside each other. */
async function main(): Promise<void> {
	await buildPackage(join(__dirname, '..'), new AbortController().signal);
}

main().catch((error: unknown) => {
	console.error(asSentence(error));
	process.exitCode = 1;
});
