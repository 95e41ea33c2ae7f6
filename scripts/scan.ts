import { asSentence } from './failure';
import { scanPackage } from './scanner';

async function main(): Promise<void> {
	const { findings } = await scanPackage();
	console.log(
		findings || "n8n's scanner finds nothing wrong in the sources and in the packed package.",
	);
	if (findings) process.exitCode = 1;
}

main().catch((error: unknown) => {
	console.error(asSentence(error));
	process.exitCode = 1;
});
