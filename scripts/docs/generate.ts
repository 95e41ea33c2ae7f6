import '../../test/support/environment';
import { expect } from 'expect';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectAnswers } from './answers';
import { collectDeliveries } from './deliveries';
import { describedResources } from './description';
import { eventsPage } from './eventsPage';
import { triggerExamples, withSamples } from './triggerExamples';
import { indexPage } from './indexPage';
import { startMadeUpKit } from './madeUpKit';
import { collectPolled } from './polled';
import { pollingPage } from './pollingPage';
import { resourcePages } from './resourcePages';
import { withCounts, withResourcesTable } from './resourcesTable';
import { schemaFiles } from './schema';

/** The folders in which everything is made here. */
export const GENERATED = ['docs/resources', 'nodes/Kit/__schema__'];

/** Written by hand, but for the sample items of their triggers. */
const SAMPLED = [
	'examples/purchase-to-tag-and-sequence.json',
	'examples/unsubscribes-and-bounces-to-crm.json',
	'examples/welcome-new-subscribers.json',
];

/** The folder of the project. */
export const PROJECT = join(__dirname, '..', '..');

function read(path: string): string {
	return readFileSync(join(PROJECT, path), 'utf8');
}

/** Puts files into a folder, by the paths at which they stand in it. */
function into(folder: string, files: Map<string, string>): [string, string][] {
	return [...files].map(([path, text]) => [`${folder}/${path}`, text]);
}

/**
 * Makes everything in the repository that follows from the built nodes and the sandbox's answers.
 * @returns the text of each file, by its path in the project; the same with every run
 */
export async function generate(): Promise<Map<string, string>> {
	// The cases of the tests say with it what they expect, which is of no account here.
	if (!('expect' in globalThis)) Object.assign(globalThis, { expect });
	const sandbox = await startMadeUpKit();
	try {
		const resources = describedResources();
		const answers = await collectAnswers(sandbox);
		const deliveries = {
			auto: await collectDeliveries(sandbox, 'auto'),
			classic: await collectDeliveries(sandbox, 'classic'),
		};
		return new Map([
			['README.md', withCounts(withResourcesTable(read('README.md')))],
			['docs/compared.md', withCounts(read('docs/compared.md'))],
			['docs/README.md', indexPage(resources)],
			['docs/events.md', eventsPage(deliveries)],
			['docs/polling.md', pollingPage(await collectPolled(sandbox))],
			...into('docs', resourcePages(resources, answers)),
			...into('nodes/Kit', schemaFiles(answers)),
			...SAMPLED.map((path) => [path, withSamples(read(path), deliveries.auto)] as const),
			...into('examples', triggerExamples(deliveries.auto)),
		]);
	} finally {
		await sandbox.close();
	}
}
