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

let lanes = 0;

/** A rate limit of its own, as in `storm.test.ts`. */
function ownLane() {
	lanes += 1;
	return { ...sandbox.credential, baseUrl: sandbox.credential.baseUrl + '/.'.repeat(lanes) };
}

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
		return await runKit({
			way,
			credential: ownLane(),
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

		test('says in which way the subscriber has to be named so that it can create them', async () => {
			const { error } = await run(operation, parameters(known[kind], byId(`={{ "${NOBODY}" }}`)));
			expect(error?.description).toContain(
				'name them By Email and turn on Create Missing Subscriber',
			);
		});

		test('says what Kit said, where it cannot be found out which of the two is missing', async () => {
			sandbox.current.fault({ kind: 'status', status: 403, body: { errors: ['No'] }, skip: 1 });
			const { error } = await run(operation, parameters(GONE, byEmail(NOBODY)));
			expect(error?.message).toBe(`Not Found (${kind} ${String(GONE)}, subscriber ${NOBODY})`);
			expect(requests()[0]).toBe(`POST /kit/v4/${list}/${String(GONE)}/subscribers`);
		});
	});

	describe.each(ADDING)('%s, creating the subscriber', (operation, list, locator, kind) => {
		const parameters = (id: number, subscriberId: INodeParameters): INodeParameters => ({
			[locator]: byId(id),
			subscriberId,
			createSubscriber: true,
			newSubscriber: { firstName: 'Eve' },
		});

		test('leaves who exists as they are, with one request', async () => {
			const person = { email_address: 'known@example.com', first_name: 'Ann' };
			await sandbox.ask('POST', '/kit/v4/subscribers', person);
			const { json } = await run(operation, parameters(known[kind], byEmail('known@example.com')));
			expect(json).toMatchObject([person]);
			expect(requests()).toHaveLength(1);
		});

		test('creates nobody where what they are to be added to does not exist', async () => {
			const { error } = await run(operation, parameters(GONE, byEmail(NOBODY)));
			expect(error?.message).toBe(`Not Found (${kind} ${String(GONE)})`);
			expect(requests()).not.toContain('POST /kit/v4/subscribers');
		});

		test('says of whom it created that they could not be added', async () => {
			const fault = { kind: 'status', status: 422, body: { errors: ['Full'] } } as const;
			sandbox.current.fault({ ...fault, skip: 3 });
			const { error } = await run(operation, parameters(known[kind], byEmail(NOBODY)));
			expect(error?.message).toBe(
				`The subscriber was created, but not added; ${kind} ${String(known[kind])}: Full`,
			);
			expect(requests().at(-1)).toMatch(
				new RegExp(`^POST /kit/v4/${list}/${String(known[kind])}/subscribers/\\d+$`),
			);
		});

		test('creates nobody for an ID', async () => {
			const { error } = await run(operation, parameters(known[kind], byId(GONE)));
			expect(error?.message).toBe(`Not Found (subscriber ${String(GONE)})`);
			expect(requests()).not.toContain('POST /kit/v4/subscribers');
		});
	});

	describe('Subscriber → Create or Update', () => {
		test.each(['subscriber.create', 'subscriber.createMany'])(
			'says with %s that the subscriber was saved, and what was not done',
			async (operation) => {
				const { error } = await run(operation, {
					emailAddress: 'new@example.com',
					tags: [known.tag],
					additionalFields: {
						formId: byId(GONE),
						sequenceId: byId(GONE),
					},
				});
				expect(error?.message).toMatch(
					new RegExp(
						`^The subscriber was saved, but not everything; form ${String(GONE)}: .+; sequence ${String(GONE)}: .+`,
					),
				);
				const { tags } = await tagsOf('new@example.com');
				expect(tags).toMatchObject([{ id: known.tag }]);
			},
		);

		test('saves nobody where a name does not exist', async () => {
			const { error } = await run('subscriber.create', {
				emailAddress: 'new@example.com',
				tags: ['No such tag'],
			});
			expect(error?.message).toContain('Tag Names or IDs: the account has no tag called');
			expect(new Set(requests())).toEqual(new Set(['GET /kit/v4/tags']));
		});

		async function tagsOf(address: string): Promise<IDataObject> {
			const found = await sandbox.ask('GET', `/kit/v4/subscribers?email_address=${address}`);
			const [{ id }] = found.subscribers as [{ id: number }];
			return await sandbox.ask('GET', `/kit/v4/subscribers/${String(id)}/tags`);
		}
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

test('what a subscriber is added to is asked for once in a run, whoever is created for it', async () => {
	const { json, error } = await runKit({
		credential: sandbox.credential,
		parameters: {
			resource: 'tag',
			operation: 'addToSubscriber',
			tagId: byId(known.tag),
			subscriberId: byEmail('={{ $json.email }}'),
			createSubscriber: true,
			requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 1 } } },
		},
		items: ['one', 'two', 'three'].map((name) => ({ email: `${name}@example.com` })),
	});
	expect(error).toBeUndefined();
	expect(json).toHaveLength(3);
	expect(requests().filter((request) => request.startsWith('GET '))).toHaveLength(1);
	expect(requests()).toHaveLength(10);
});
