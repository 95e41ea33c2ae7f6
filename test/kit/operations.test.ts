import type { IDataObject } from 'n8n-workflow';
import { operationsOf } from '../support/description';
import { runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import { account } from './cases/account';
import { broadcast } from './cases/broadcast';
import type { Cases, Known } from './cases/case';
import { connection } from './cases/connection';
import { customField, emailTemplate, form, post, segment } from './cases/small';
import { purchase } from './cases/purchase';
import { sequence, sequenceEmail } from './cases/sequence';
import { snippet } from './cases/snippet';
import { subscriber } from './cases/subscriber';
import { tag } from './cases/tag';
import { webhook, webhookEndpoint } from './cases/webhook';

const sandbox = useSandbox({ today: '2026-11-23' });

const CASES: Cases = {
	...account,
	...broadcast,
	...connection,
	...customField,
	...emailTemplate,
	...form,
	...post,
	...purchase,
	...segment,
	...sequence,
	...sequenceEmail,
	...snippet,
	...subscriber,
	...tag,
	...webhook,
	...webhookEndpoint,
};

let known: Known;

/** `{endpoint}` in the path of a request is the endpoint that the first one made. */
function fill(path: string, prepared: IDataObject[]): string {
	const endpoint = prepared[0]?.webhook_endpoint as { id: number } | undefined;
	return path.replace('{endpoint}', String(endpoint?.id));
}

async function rows(path: string, key: string): Promise<IDataObject[]> {
	return (await sandbox.ask('GET', path))[key] as IDataObject[];
}

async function firstId(path: string, key: string): Promise<number> {
	return Number((await rows(path, key))[0]?.id);
}

beforeEach(async () => {
	const [someone] = await rows('/kit/v4/subscribers', 'subscribers');
	const [field] = await rows('/kit/v4/custom_fields', 'custom_fields');
	const broadcasts = await rows('/kit/v4/broadcasts', 'broadcasts');
	const ofStatus = (status: string) => Number(broadcasts.find((one) => one.status === status)?.id);
	const templates = await rows('/kit/v4/email_templates', 'email_templates');
	const inUse = await rows('/kit/v4/sequences', 'sequences');
	const ownSequence = Number(inUse.find(({ active }) => active === true)?.id);
	known = {
		broadcast: ofStatus('completed'),
		draft: ofStatus('draft'),
		email: someone?.email_address as string,
		field: field?.key as string,
		fieldId: Number(field?.id),
		form: await firstId('/kit/v4/forms', 'forms'),
		post: await firstId('/kit/v4/posts', 'posts'),
		purchase: await firstId('/kit/v4/purchases', 'purchases'),
		segment: await firstId('/kit/v4/segments', 'segments'),
		sequence: ownSequence,
		sequenceEmail: await firstId(`/kit/v4/sequences/${String(ownSequence)}/emails`, 'emails'),
		blockSnippet: await firstId('/kit/v4/snippets?snippet_type=block', 'snippets'),
		snippet: await firstId('/kit/v4/snippets?snippet_type=inline', 'snippets'),
		subscriber: Number(someone?.id),
		tag: await firstId('/kit/v4/tags', 'tags'),
		template: Number(templates.find(({ category }) => category !== 'Starting point')?.id),
	};
});

describe.each(WAYS)('run by %s', (way) => {
	test.each(Object.entries(CASES))('%s', async (_, makeCase) => {
		const { operation, parameters, expected, output, before = [] } = makeCase(known);
		const prepared: IDataObject[] = [];
		for (const { request, body } of before) {
			const [method = '', path = ''] = request.split(' ');
			prepared.push(await sandbox.ask(method, fill(path, prepared), body));
			await sandbox.current.settled();
		}
		const [resource = '', value = ''] = operation.split('.');
		const { json, items, error } = await runKit({
			way,
			credential: sandbox.credential,
			parameters: { resource, operation: value, ...parameters },
			items: [{ prepared }],
		});
		expect(error).toBeUndefined();
		const sent = sandbox.requests().map(({ request, query, body }) => ({ request, query, body }));
		expect(sent).toEqual(
			expected.map(({ request, query = {}, body }) => ({
				request: expect.stringMatching(new RegExp(`^${request}$`)) as string,
				query,
				body,
			})),
		);
		if (Array.isArray(output)) {
			expect(json).toEqual(output.map((one) => expect.objectContaining(one) as unknown));
		}
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(json.map(() => ({ item: 0 })));
	});
});

const contract = sandbox.contract;

(contract ? test : test.skip)('every operation of Kit’s document is exercised', () => {
	const left = contract?.operations().filter((name) => !contract.exercised.has(name)) ?? [];
	expect(left).toEqual([]);
});

test('every operation of the node has a case here', async () => {
	const covered = new Set(Object.values(CASES).map((make) => make(known).operation));
	expect((await operationsOf()).filter((operation) => !covered.has(operation))).toEqual([]);
});
