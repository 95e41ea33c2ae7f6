import type { SandboxOptions } from '../sandbox';
import { startSandbox } from '../sandbox';

/** The other side of `sandbox.ts`. */
async function serve(): Promise<void> {
	const options = JSON.parse(process.argv[2] ?? '{}') as SandboxOptions;
	const { url, keys } = await startSandbox(options);
	process.send?.({ url, apiKey: keys.main });
	process.once('disconnect', () => {
		process.exit();
	});
}

void serve();
