import { asSentence } from '../../../scripts/failure';
import { SharedN8n, shareN8n } from './shared';

/** Starts the n8n that all test files share; Jest calls this before the first. */
export default async function setup(): Promise<void> {
	const interruption = new AbortController();
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.once(name, () => {
			interruption.abort();
			process.exit(1);
		});
	}
	try {
		shareN8n(await SharedN8n.start(interruption.signal));
	} catch (error) {
		throw new Error(asSentence(error), { cause: error });
	}
}
