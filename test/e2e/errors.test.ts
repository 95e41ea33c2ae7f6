import { itemsOf } from '../../scripts/n8n/rest';
import { chain, executionsOf, n8n, node, useKit } from './support/n8n';

const { sandbox, kit, trigger, run, webhooksAtKit } = useKit();

const MISSING_TAG = { __rl: true, mode: 'id', value: '999999' };
const failing = { resource: 'tag', operation: 'getSubscribers', tagId: MISSING_TAG };

test('a run that fails says what was not found', async () => {
	const { status, data } = await run([kit('Kit', failing)]);
	expect(status).toBe('error');
	expect(data.resultData.error?.message).toBe('Not Found (tag 999999)');
});

test('an error workflow starts with the message when a run in production fails', async () => {
	const watcher = await n8n.rest.createWorkflow(
		chain('Tell me', [node('Error Trigger', 'n8n-nodes-base.errorTrigger', 1)]),
	);
	await n8n.rest.activateWorkflow(watcher.id);
	const failed = await n8n.rest.createWorkflow(
		chain('Fails', [trigger({ events: ['subscriber.activated'] }), kit('Kit', failing)], {
			errorWorkflow: watcher.id,
		}),
	);
	await n8n.rest.activateWorkflow(failed.id);
	await webhooksAtKit(1);
	await sandbox.ask('POST', '/kit/v4/subscribers', { email_address: 'reader@example.com' });
	const [execution] = await executionsOf(watcher.id, 1);
	await n8n.rest.deactivateWorkflow(failed.id);
	expect(execution && itemsOf(execution, 'Error Trigger')).toMatchObject([
		{
			json: {
				workflow: { name: 'Fails' },
				execution: { lastNodeExecuted: 'Kit', error: { message: 'Not Found (tag 999999)' } },
			},
		},
	]);
});

describe('an item that fails', () => {
	const three = { resource: 'tag', operation: 'getAll', returnAll: false, limit: 3 };
	const value = '={{ $itemIndex === 1 ? 999999 : $json.id }}';
	const one = { ...failing, tagId: { ...MISSING_TAG, value }, returnAll: false, limit: 1 };

	test('goes to the error output with On Error, and the others go on', async () => {
		const execution = await run([
			kit('Tags', three),
			kit('Kit', one, { onError: 'continueErrorOutput' }),
		]);
		expect(execution.status).toBe('success');
		expect(itemsOf(execution, 'Kit')).toHaveLength(2);
		expect(itemsOf(execution, 'Kit', 1)).toMatchObject([
			{ json: { error: 'Not Found (tag 999999)' }, pairedItem: { item: 1 } },
		]);
	});

	test('carries its message along with Continue', async () => {
		const execution = await run([
			kit('Tags', three),
			kit('Kit', one, { onError: 'continueRegularOutput' }),
		]);
		expect(execution.status).toBe('success');
		expect(itemsOf(execution, 'Kit').map(({ json }) => json.error)).toEqual([
			undefined,
			'Not Found (tag 999999)',
			undefined,
		]);
	});
});
