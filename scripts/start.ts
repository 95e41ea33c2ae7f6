import { join } from 'node:path';
import { openBrowser } from './browser';
import { asSentence } from './failure';
import { isRealMaton, openGateway } from './gateway';
import { enter, importExamples, nodesOf, publishAgain, saveDemoCredential } from './n8n/demo';
import { N8N_VERSION } from './n8n/install';
import { passwordFile } from './n8n/owner';
import { prepareN8n } from './n8n/prepare';
import { makePrivate } from './n8n/privateFolder';
import { explainEnd, startN8n } from './n8n/process';
import { recordPackage } from './n8n/record';
import { RELOAD_SETTINGS, watchSources } from './n8n/watch';
import type { Owner } from './n8n/rest';
import { assertPortFree, chosenPort, portFrom } from './port';
import { say, withProgress } from './progress';

type Stop = () => Promise<void>;

const PROJECT = join(__dirname, '..');
const CACHE = join(PROJECT, '.cache');
const DEFAULT_PORT = 5678;
const SANDBOX_PORT = 4010;

/** In the sandbox an example that writes, and in a real account one that only reads. */
const FIRST_EXAMPLE = isRealMaton() ? 'Weekly growth report' : 'List subscribers, tag the new ones';

/**
 * Each port has its own, so that a second instance leaves the first alone; and the real Maton has its own,
 * so that what was tried in the sandbox never reaches a real account.
 */
function userFolderFor(port: number): string {
	const name = isRealMaton() ? 'demo-maton' : 'demo';
	return join(CACHE, port === DEFAULT_PORT ? name : `${name}-${String(port)}`);
}

interface Demo {
	url: string;
	owner: Owner;
	userFolder: string;
	/** What the Kit is, in words, and what the credential's test says of it. */
	kit: readonly string[];
	examples: readonly { name: string; id: string }[];
	published: readonly string[];
	unpublished: readonly string[];
}

function describe(demo: Demo): void {
	const { url, owner, userFolder, kit, examples, published, unpublished } = demo;
	const first = examples.find(({ name }) => name === FIRST_EXAMPLE);
	say();
	for (const line of kit) say(line);
	say();
	say(`n8n is ready:  ${url}`);
	say(`  log in with    ${owner.email}`);
	say(`  password       ${owner.password}`);
	say(`                 kept in ${passwordFile(userFolder)}`);
	say(`  workflows      ${examples.map(({ name }) => name).join('; ')}`);
	if (published.length > 0) say(`  published      ${published.join('; ')}`);
	if (unpublished.length > 0) {
		say(
			`  unpublished    ${unpublished.join('; ')}: this Kit is new, and does not take their webhooks`,
		);
	}
	say();
	say(`Open ${url}/workflow/${first?.id ?? ''} and click "Execute workflow".`);
	say('To stop: Ctrl-C.');
}

async function aborted(signal: AbortSignal): Promise<void> {
	await new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener('abort', () => {
			resolve();
		});
	});
}

/**
 * All steps in order, the last being to wait.
 * @param signal interrupts whatever is being done
 * @param stops receives what must be stopped afterwards
 * @throws {Failure} when a step fails, or n8n ends by itself
 */
async function start(signal: AbortSignal, stops: Stop[]): Promise<void> {
	const isWatching = process.argv.includes('--watch');
	const port = portFrom(['N8N_PORT', 'PORT'], DEFAULT_PORT);
	const userFolder = userFolderFor(port);
	const log = join(userFolder, 'n8n.log');
	await assertPortFree(port, 'n8n', 'N8N_PORT');
	const sandboxPort = isRealMaton()
		? 0
		: await chosenPort('SANDBOX_PORT', SANDBOX_PORT, 'the sandbox');
	await makePrivate(userFolder);

	const prepared = await prepareN8n({ project: PROJECT, userFolder, signal });
	const { installed, community } = prepared;

	const { gateway, what, close } = await openGateway(sandboxPort);
	stops.push(close);
	const n8n = await withProgress(`Starting n8n ${N8N_VERSION}`, async () => {
		const settings = isWatching ? RELOAD_SETTINGS : undefined;
		return await startN8n({ installed, userFolder, port, settings, log, signal });
	});
	stops.push(n8n.stop);

	const { rest } = n8n;
	const owner = await enter(rest, userFolder);
	const nodes = await nodesOf(rest, community);
	await recordPackage({ node: installed.node, userFolder }, community, nodes);
	const credential = await saveDemoCredential(rest, gateway);
	const { message } = await rest.testCredential(credential, { ...gateway });
	const folder = join(PROJECT, 'examples');
	const examples = await importExamples(rest, folder, community, credential);

	// A sandbox begins anew with each start; the real Kit still has the webhooks.
	const isNew = !isRealMaton();
	const { published, unpublished } = isNew
		? await publishAgain(rest)
		: { published: [], unpublished: [] };

	const kit = [message, what];
	describe({ url: rest.url, owner, userFolder, kit, examples, published, unpublished });
	if (process.argv.includes('--open')) openBrowser(rest.url);
	if (isWatching) void watchSources({ project: PROJECT, userFolder, community, signal });
	await Promise.race([n8n.ended, aborted(signal)]);
	if (!signal.aborted) throw await explainEnd(log);
}

async function main(): Promise<void> {
	const interruption = new AbortController();
	const { signal } = interruption;
	const stops: Stop[] = [];
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(name, () => {
			interruption.abort();
		});
	}
	let status = 0;
	try {
		await start(signal, stops);
	} catch (error) {
		if (!signal.aborted) {
			status = 1;
			process.stderr.write(`\n${asSentence(error)}\n`);
		}
	}
	if (signal.aborted) say('\nStopping ...');
	for (const stop of stops.reverse()) await stop();
	process.exit(status);
}

void main();
