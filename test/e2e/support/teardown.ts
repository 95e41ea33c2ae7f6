import { sharedN8n } from './shared';

/** Ends the shared n8n; Jest calls this after the last test. */
export default async function teardown(): Promise<void> {
	await sharedN8n().stop();
}
