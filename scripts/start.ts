import { join } from 'node:path';
import { openBrowser } from './browser';
import { asSentence } from './failure';
import { isRealMaton, openGateway } from './gateway';
import { enter, importExamples, nodesOf, saveDemoCredential } from './n8n/demo';
import { N8N_VERSION } from './n8n/install';
import { passwordFile } from './n8n/owner';
import { prepareN8n } from './n8n/prepare';
import { makePrivate } from './n8n/privateFolder';
import { explainEnd, startN8n } from './n8n/process';
import { recordPackage } from './n8n/record';
import type { Owner } from './n8n/rest';
import { assertPortFree, portFrom } from './port';
import { say, withProgress } from './progress';

type Stop = () => Promise<void>;

const PROJECT = join(__dirname, '..');
const CACHE = join(PROJECT, '.cache');
const FIRST_EXAMPLE = 'List subscribers, tag the new ones';

/** The two keep apart, so that what was tried in the sandbox never reaches a real account. */
const USER_FOLDER = join(CACHE, isRealMaton() ? 'demo-maton' : 'demo');

function describe(
	url: string,
	{ email, password }: Owner,
	gateway: string,
	examples: readonly { name: string; id: string }[],
): void {
	const first = examples.find(({ name }) => name === FIRST_EXAMPLE);
	say();
	say(`n8n is ready:  ${url}`);
	say(`  log in with    ${email}`);
	say(`  password       ${password}`);
	say(`                 kept in ${passwordFile(USER_FOLDER)}`);
	say(`  Kit is         ${gateway}`);
	say(`  workflows      ${examples.map(({ name }) => name).join('; ')}`);
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
	const port = portFrom(['N8N_PORT', 'PORT'], 5678);
	const sandboxPort = portFrom(['SANDBOX_PORT'], 4010);
	const log = join(USER_FOLDER, 'n8n.log');
	await assertPortFree(port, 'n8n', 'N8N_PORT');
	if (!isRealMaton()) await assertPortFree(sandboxPort, 'the sandbox', 'SANDBOX_PORT');
	await makePrivate(USER_FOLDER);

	const prepared = await prepareN8n({ project: PROJECT, userFolder: USER_FOLDER, signal });
	const { installed, community } = prepared;

	const { gateway, what, close } = await openGateway(sandboxPort);
	stops.push(close);
	const n8n = await withProgress(`Starting n8n ${N8N_VERSION}`, async () => {
		return await startN8n({ installed, userFolder: USER_FOLDER, port, log, signal });
	});
	stops.push(n8n.stop);

	const { rest } = n8n;
	const owner = await enter(rest, USER_FOLDER);
	const nodes = await nodesOf(rest, community);
	await recordPackage({ node: installed.node, userFolder: USER_FOLDER }, community, nodes);
	const credential = await saveDemoCredential(rest, gateway);
	const folder = join(PROJECT, 'examples');
	const examples = await importExamples(rest, folder, community, credential);

	describe(rest.url, owner, what, examples);
	if (process.argv.includes('--open')) openBrowser(rest.url);
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
