import { resolve } from 'node:path';
import { NodeHelpers } from 'n8n-workflow';
import { describedNode, describedResources } from '../../scripts/docs/description';
import { importExamples } from '../../scripts/n8n/demo';
import type { WorkflowNode } from '../../scripts/n8n/rest';
import { useEditor } from './support/editor';
import { chain, manualTrigger, n8n, until, useKit } from './support/n8n';

const maton = useKit({ subscribers: 250 });
const editor = useEditor();

async function saved(name: string, ...nodes: WorkflowNode[]): Promise<string> {
	const { id } = await n8n.rest.createWorkflow(chain(name, nodes));
	return id;
}

/** Opens the Kit node in a workflow of its own. */
async function openKit(parameters: Record<string, unknown>): Promise<void> {
	await editor.openNode(await saved('Kit', maton.kit('Kit', parameters)));
}

const byId = (testId: string) => editor.page.getByTestId(testId);

const output = () => byId('output-panel');

/** Runs the open node, without waiting for its end. */
async function execute(): Promise<void> {
	await byId('node-execute-button').click();
}

/** Waits until the open node can be run again. */
async function executed(): Promise<void> {
	await byId('node-execute-button').getByText('Execute step').waitFor();
}

test('the nodes panel finds the Kit node, also by its old name, and adds it', async () => {
	await editor.open(await saved('From the panel', manualTrigger));
	await byId('canvas-handle-plus').click();
	const names = byId('node-creator-item-name');
	await byId('node-creator-search-bar').fill('ConvertKit');
	await names.getByText('Kit', { exact: true }).waitFor();
	await byId('node-creator-search-bar').fill('Kit');
	await names.getByText('Cockpit').waitFor();
	expect((await names.allInnerTexts())[0]).toBe('Kit');
	await editor.picture('nodes-panel');
	await names.getByText('Kit', { exact: true }).click();
	await names.getByText('Get many subscribers', { exact: true }).click();
	await byId('ndv').waitFor();
	const chosen = async (field: string) =>
		await byId(`parameter-input-${field}`).locator('input').inputValue();
	expect([await chosen('resource'), await chosen('operation')]).toEqual(['Subscriber', 'Get Many']);
});

test('the Kit node is dragged from the panel onto the canvas', async () => {
	await editor.open(await saved('By dragging', manualTrigger));
	await byId('canvas-handle-plus').click();
	await byId('node-creator-search-bar').fill('Kit');
	const names = byId('node-creator-item-name');
	await names.getByText('Kit', { exact: true }).click();
	await names
		.getByText('Get many subscribers', { exact: true })
		.dragTo(byId('canvas'), { targetPosition: { x: 300, y: 600 } });
	const nodes = byId('canvas-node');
	await nodes.getByText('Get many subscribers').waitFor();
	expect(await nodes.count()).toBe(2);
});

/** Chooses an option in the open node, as a person does. */
async function choose(field: 'operation' | 'resource', option: string): Promise<void> {
	const input = byId(`parameter-input-${field}`).locator('input');
	await input.click();
	const list = editor.page.locator('.el-select-dropdown:visible');
	await list.locator('.option-headline').getByText(option, { exact: true }).first().click();
	await list.waitFor({ state: 'hidden' });
	expect(await input.inputValue()).toBe(option);
}

const MAPPER_LABEL = 'Mapping Column Mode';

/** The names of the fields that n8n shows for an operation with nothing filled in. */
function fieldsShown(resource: string, operation: string): string[] {
	const description = describedNode('Kit');
	const { properties } = description;
	const shown = NodeHelpers.getNodeParameters(
		properties,
		{ resource, operation },
		true,
		false,
		null,
		description,
	);
	return Object.keys(shown ?? {})
		.filter((name) => name !== 'resource' && name !== 'operation')
		.map((name) => {
			const property = properties.find((one) => one.name === name);
			// Of a resource mapper n8n shows how it is mapped, and not its name.
			return property?.type === 'resourceMapper' ? MAPPER_LABEL : (property?.displayName ?? name);
		});
}

test('every operation of every resource can be chosen, and shows its fields', async () => {
	await openKit({ resource: 'account', operation: 'get' });
	const without: string[] = [];
	for (const { name, value, operations } of describedResources()) {
		await choose('resource', name);
		for (const operation of operations) {
			await choose('operation', operation.name);
			for (const field of fieldsShown(value, operation.key.split('.')[1] ?? '')) {
				const label = byId('ndv').getByText(field, { exact: true }).first();
				await label.waitFor({ timeout: 5000 }).catch(() => {
					without.push(`${operation.key}: ${field}`);
				});
			}
		}
	}
	expect(without).toEqual([]);
}, 400_000);

test('a credential is made in its dialog, and says what is wrong with it until it works', async () => {
	await openKit({ resource: 'account', operation: 'get' });
	await byId('node-credentials-select').click();
	await byId('node-credentials-select-item-new').click();
	const dialog = byId('editCredential-modal');
	const fill = async (field: string, text: string) => {
		await dialog.getByTestId(`parameter-input-${field}`).locator('input').fill(text);
	};
	// n8n gives it a name a little later, without which it cannot be saved.
	const name = dialog.getByTestId('inline-edit-preview');
	await name.filter({ hasText: /^Maton Kit account/ }).waitFor();
	await fill('apiKey', 'wrong');
	await editor.picture('credential');
	await fill('baseUrl', maton.sandbox.current.url);
	await dialog.getByTestId('credential-save-button').click();
	await dialog.getByText('More details').click();
	await editor.page.getByText('Maton did not accept the API key').first().waitFor();
	await fill('apiKey', maton.sandbox.current.keys.main);
	await dialog.getByTestId('credential-save-button').click();
	await dialog.waitFor({ state: 'hidden' });
	await execute();
	await output().getByText('Ada Writes').first().waitFor();
});

test('a tag is chosen from a list, which is searched and goes on where it is scrolled', async () => {
	const TAGS = 120;
	for (let n = 0; n < TAGS; n++) {
		await maton.sandbox.ask('POST', '/kit/v4/tags', { name: `Workshop ${String(n)}` });
	}
	await openKit({ resource: 'tag', operation: 'getSubscribers' });
	const locator = byId('resource-locator-tagId').getByTestId('rlc-input');
	const items = byId('rlc-item');
	await locator.click();
	await items.getByText('Workshop 119').waitFor();
	await items.last().scrollIntoViewIfNeeded();
	await items.getByText('VIP', { exact: true }).waitFor();
	await byId('rlc-search').fill('v');
	await items.getByText('Workshop').first().waitFor({ state: 'detached' });
	await byId('rlc-search').fill('vip');
	await items.getByText('VIP', { exact: true }).waitFor();
	expect(await items.allInnerTexts()).toEqual(['VIP']);
	await editor.picture('choose-tag');
	await items.getByText('VIP', { exact: true }).click();
	expect(await locator.inputValue()).toBe('VIP');
	await execute();
	await output()
		.getByText(/\d+ items/)
		.waitFor();
});

test('Return All gives every row', async () => {
	const rows = async (count: number) => {
		await byId('run-data-item-count')
			.getByText(`${String(count)} items`)
			.waitFor();
	};
	const counted = '/kit/v4/subscribers?include_total_count=true&per_page=1';
	const { pagination } = await maton.sandbox.ask('GET', counted);
	await openKit({ resource: 'subscriber', operation: 'getAll' });
	await execute();
	await rows(50);
	await byId('parameter-input-returnAll').locator('.el-switch').click();
	await execute();
	await rows((pagination as unknown as { total_count: number }).total_count);
	await executed();
	await editor.picture('rows');
});

test('an error says what was not found and what to do', async () => {
	await openKit({
		resource: 'tag',
		operation: 'getSubscribers',
		tagId: { __rl: true, mode: 'id', value: '999999' },
	});
	await execute();
	const message = output().getByTestId('node-error-message');
	await message.waitFor();
	expect(await message.innerText()).toBe('Not Found (tag 999999)');
	expect(await byId('node-error-description').innerText()).toContain('does not exist');
	await executed();
	await editor.picture('error');
});

test.each([
	{ events: ['subscriber.activated'], settings: { delivery: 'classic' } },
	{ events: ['subscriber.created'] },
])('the Kit Trigger listens for a test event ($events)', async (parameters) => {
	await editor.openNode(await saved('On Kit', maton.trigger(parameters)));
	await execute();
	await byId('ndv').getByText('Listening for test event').waitFor();
	await maton.webhooksAtKit(1);
	if (!parameters.settings) await editor.picture('trigger-listening');
	await maton.sandbox.ask('POST', '/kit/v4/subscribers', { email_address: 'reader@example.com' });
	await output().getByText('reader@example.com').waitFor();
	await maton.webhooksAtKit(0);
});

test('the panel of a published Kit Trigger says what Kit has for it', async () => {
	const id = await saved('Registered', maton.trigger({ events: ['tag.created', 'tag.deleted'] }));
	const told = async () => {
		await editor.openNode(id);
		const field = byId('parameter-input-registered').locator('input');
		return await until('what Kit has', async () => {
			const text = await field.inputValue();
			return /“.+”/.test(text) ? text : undefined;
		});
	};
	expect(await told()).toMatch(/^Nothing in “.+”/);
	await n8n.rest.activateWorkflow(id);
	await maton.webhooksAtKit(1);
	expect(await told()).toMatch(/^A signed endpoint for 2 events since \d{4}-\d\d-\d\d in “.+”$/);
});

test('each theme has its icon', async () => {
	const id = await saved('Icon', maton.kit('Kit', { resource: 'account', operation: 'get' }));
	for (const [colorScheme, file] of [
		['light', 'kit.svg'],
		['dark', 'kit.dark.svg'],
	] as const) {
		await editor.page.emulateMedia({ colorScheme });
		await editor.open(id);
		const icon = byId('canvas-node').locator('img');
		await icon.waitFor();
		expect(await icon.getAttribute('src')).toMatch(new RegExp(`/${file}$`));
		const answer = await editor.page.request.get(
			new URL((await icon.getAttribute('src')) ?? '', n8n.rest.url).href,
		);
		expect(await answer.text()).toContain('<svg');
	}
	await editor.page.emulateMedia({ colorScheme: 'light' });
});

test('the first example runs on the canvas', async () => {
	const { rest, community } = n8n;
	const folder = resolve(__dirname, '../../examples');
	const examples = await importExamples(rest, folder, community, maton.credential);
	const first = examples.find(({ name }) => name === 'List subscribers, tag the new ones');
	await editor.open(first?.id ?? '');
	await byId('execute-workflow-button').click();
	await editor.page.getByText('Workflow executed successfully').waitFor();
	expect(await byId('canvas-node-status-success').count()).toBe(5);
	await editor.picture('example-workflow', { x: 120, y: 255, width: 1250, height: 460 });
});
