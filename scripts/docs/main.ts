import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GENERATED, generate, PROJECT } from './generate';

async function main(): Promise<void> {
	const files = await generate();
	// What was made for an operation that is no more goes.
	for (const folder of GENERATED) rmSync(join(PROJECT, folder), { recursive: true, force: true });
	for (const [path, text] of files) {
		const file = join(PROJECT, path);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, text);
	}
	console.log(`${String(files.size)} files made`);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
