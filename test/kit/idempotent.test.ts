import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { askOf } from '../support/ask';
import { runKit } from '../support/n8n';
import { CASES } from './cases';
import type { Cases } from './cases/case';
import { findKnown, prepare } from './cases/prepare';

/** What Kit would do twice (Kit's documentation). Everything else may be sent again. */
const NOT_IDEMPOTENT = [
	'broadcast.create',
	'connection.create',
	'purchase.create',
	'sequence.create',
	'sequenceEmail.create',
	'snippet.create',
	'webhook.create',
	'webhookEndpoint.create',
	'webhookEndpoint.rotateSecret',
];

/** Each sending again waits a second, so the operations are tried side by side, each lane with a Kit of its own. */
const LANES = 12;

let sandboxes: Sandbox[];
beforeAll(async () => {
	sandboxes = await Promise.all(Array.from({ length: LANES }, () => startSandbox()));
});
afterAll(async () => {
	for (const sandbox of sandboxes) await sandbox.close();
});

/** @returns the operation, and whether its first request is sent again after its response was lost */
async function tried(sandbox: Sandbox, makeCase: Cases[string]): Promise<[string, boolean]> {
	sandbox.reset();
	const { operation, parameters, before } = makeCase(await findKnown(askOf(sandbox)));
	const prepared = await prepare(before, sandbox);
	const [resource = '', value = ''] = operation.split('.');
	sandbox.fault({ kind: 'drop', afterHandling: true });
	await runKit({
		credential: { apiKey: sandbox.keys.main, connectionId: '', baseUrl: sandbox.url },
		parameters: { resource, operation: value, ...parameters },
		items: [{ prepared }],
	});
	const [first, second] = sandbox.log.map(({ method, path }) => `${method} ${path}`);
	return [operation, first === second];
}

test('a request whose response is lost is sent again by all but those that would do it twice', async () => {
	const byOperation = new Map(
		Object.entries(CASES).map(([name, makeCase]) => [name.split(' ')[0], makeCase]),
	);
	const left = [...byOperation.values()];
	const repeated: [string, boolean][] = [];
	await Promise.all(
		sandboxes.map(async (sandbox) => {
			for (let one = left.pop(); one; one = left.pop()) repeated.push(await tried(sandbox, one));
		}),
	);
	expect(repeated.length).toBe(91);
	const unsafe = repeated.filter(([, again]) => !again).map(([operation]) => operation);
	expect(unsafe.sort()).toEqual(NOT_IDEMPOTENT);
}, 60_000);
