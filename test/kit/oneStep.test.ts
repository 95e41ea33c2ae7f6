import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import type { Known } from './cases/case';
import { byEmail, byId } from './cases/case';
import { findKnown } from './cases/prepare';

const sandbox = useSandbox();

const GONE = 999_999;
const NOBODY = 'nobody@example.com';

let known: Known;

beforeEach(async () => {
	known = await findKnown(sandbox.ask);
});

const requests = () => sandbox.requests().map(({ request }) => request);

/** The operations that add a subscriber: operation, list in the path, locator, and what it is called. */
const ADDING = [
	['tag.addToSubscriber', 'tags', 'tagId', 'tag'],
	['form.addSubscriber', 'forms', 'formId', 'form'],
	['sequence.addSubscriber', 'sequences', 'sequenceId', 'sequence'],
] as const;

describe.each(WAYS)('run by %s', (way) => {
	async function run(
		operation: string,
		parameters: INodeParameters,
		more: Partial<Parameters<typeof runKit>[0]> = {},
	) {
		const [resource = '', value = ''] = operation.split('.');
		const credential = sandbox.credential;
		return await runKit({
			way,
			credential,
			parameters: { resource, operation: value, ...parameters },
			...more,
		});
	}

	describe.each(ADDING)('%s', (operation, list, locator, kind) => {
		const parameters = (id: number, subscriberId: INodeParameters): INodeParameters => ({
			[locator]: byId(id),
			subscriberId,
		});

		test('says that what it adds to does not exist, with one request more', async () => {
			for (const subscriberId of [byId(known.subscriber), byEmail(known.email)]) {
				sandbox.current.log.length = 0;
				const { error } = await run(operation, parameters(GONE, subscriberId));
				expect(error?.message).toBe(`Not Found (${kind} ${String(GONE)})`);
				expect(error?.httpCode).toBe('404');
				expect(requests()).toHaveLength(2);
			}
		});

		test('says that the subscriber does not exist, with one request more', async () => {
			const id = known[kind];
			for (const [subscriberId, named] of [
				[byId(GONE), GONE],
				[byEmail(NOBODY), NOBODY],
			] as const) {
				sandbox.current.log.length = 0;
				const { error } = await run(operation, parameters(id, subscriberId));
				expect(error?.message).toBe(`Not Found (subscriber ${String(named)})`);
				expect(requests()).toHaveLength(2);
			}
		});

		test('says what Kit said, where it cannot be found out which of the two is missing', async () => {
			sandbox.current.fault({ kind: 'status', status: 403, body: { errors: ['No'] }, skip: 1 });
			const { error } = await run(operation, parameters(GONE, byEmail(NOBODY)));
			expect(error?.message).toBe(`Not Found (${kind} ${String(GONE)}, subscriber ${NOBODY})`);
			expect(requests()[0]).toBe(`POST /kit/v4/${list}/${String(GONE)}/subscribers`);
		});
	});

	describe('Subscriber → Get', () => {
		const options = { whenNotFound: 'nothing' };

		test('returns nothing for whom Kit does not know, where that is wanted', async () => {
			for (const subscriberId of [byEmail(NOBODY), byId(GONE)]) {
				const { json, error } = await run('subscriber.get', { subscriberId, options });
				expect(error).toBeUndefined();
				expect(json).toEqual([]);
			}
		});

		test('gives an item for each of the others, and an error at first', async () => {
			const items = [{ email: NOBODY }, { email: known.email }];
			const subscriberId = byEmail('={{ $json.email }}');
			const { items: output } = await run('subscriber.get', { subscriberId, options }, { items });
			expect(output).toMatchObject([{ json: { id: known.subscriber }, pairedItem: { item: 1 } }]);
			const { error } = await run('subscriber.get', { subscriberId }, { items });
			expect(error?.message).toContain('Kit knows no subscriber');
		});

		test('fails all the same where a gateway knows no Kit, or Kit does not answer', async () => {
			const body: IDataObject = { error: 'Not Found' };
			for (const status of [404, 403]) {
				sandbox.current.fault({ kind: 'status', status, body });
				const { error } = await run('subscriber.get', { subscriberId: byId(5), options });
				expect(error?.httpCode).toBe(String(status));
			}
		});
	});
});
