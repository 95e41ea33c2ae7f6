import { useEditor } from './support/editor';
import { chain, manualTrigger, n8n, node, useKit } from './support/n8n';
import { Panel } from './support/panel';

const maton = useKit({ subscribers: 250 });
const editor = useEditor();

const byId = (testId: string) => editor.page.getByTestId(testId);

async function saved(name: string, ...nodes: Parameters<typeof chain>[1]): Promise<string> {
	const { id } = await n8n.rest.createWorkflow(chain(name, nodes));
	return id;
}

/** Opens the Kit node in a workflow of its own. */
async function openKit(parameters: Record<string, unknown>): Promise<Panel> {
	await editor.openNode(await saved('Kit', maton.kit('Kit', parameters)));
	return new Panel(editor);
}

type Rows = Record<string, unknown>[];

/** The rows of a list at Kit. */
async function atKit(path: string, key = path.split('?')[0] ?? path): Promise<Rows> {
	return (await maton.sandbox.ask('GET', `/kit/v4/${path}`))[key] as unknown as Rows;
}

test('below a node stands what it does and what is chosen in it, by name', async () => {
	const tagId = { __rl: true, mode: 'list', value: '1', cachedResultName: 'VIP' };
	const subscriberId = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
	const formId = { __rl: true, mode: 'name', value: 'Newsletter' };
	const id = await saved(
		'Subtitles',
		manualTrigger,
		maton.kit('One', { resource: 'tag', operation: 'addToSubscriber', tagId, subscriberId }),
		maton.kit('Two', { resource: 'form', operation: 'getSubscribers', formId }),
		maton.kit('Three', { resource: 'subscriber', operation: 'getAll' }),
	);
	await editor.open(id);
	for (const text of [
		'add to subscriber: tag · VIP',
		'get subscribers: form · Newsletter',
		'get many: subscriber',
	]) {
		await byId('canvas-node').getByText(text, { exact: true }).waitFor();
	}
});

test('another account is chosen by its name on the node, in place of the credential’s', async () => {
	const panel = await openKit({ resource: 'account', operation: 'get' });
	const locator = byId('resource-locator-connection').getByTestId('rlc-input');
	expect(await locator.inputValue()).toBe('From Credential');
	await panel.chooseFromAccount('connection', /^Harbor Bakery/);
	await panel.execute();
	await panel.output.getByText('Harbor Bakery').first().waitFor();
	await panel.chooseFromAccount('connection', 'From Credential');
	await panel.execute();
	await panel.output.getByText('Ada Writes').first().waitFor();
});

test('another account brings its own custom fields and tags along', async () => {
	const { connections, keys, url } = maton.sandbox.current;
	await fetch(`${url}/kit/v4/custom_fields`, {
		method: 'POST',
		headers: {
			Authorization: `Bearer ${keys.main}`,
			'Maton-Connection': connections.second,
			'Content-Type': 'application/json',
		},
		body: JSON.stringify({ label: 'Loaves a week' }),
	});
	const panel = await openKit({ resource: 'subscriber', operation: 'create' });
	await panel.text('Job title').waitFor();
	expect(await panel.text('Loaves a week').count()).toBe(0);
	await panel.chooseFromAccount('connection', /^Harbor Bakery/);
	await panel.text('Loaves a week').waitFor();
	await panel.chooseAmong('tags', 'Wholesale');
});

test('a tag that the account lacks is created from the list of tags', async () => {
	const [{ email_address: address } = {}] = await atKit('subscribers');
	const panel = await openKit({
		resource: 'tag',
		operation: 'addToSubscriber',
		subscriberId: { __rl: true, mode: 'email', value: String(address) },
	});
	await panel.click(byId('resource-locator-tagId').getByTestId('rlc-input'));
	await byId('rlc-search').locator('visible=true').fill('Came by the list');
	await panel.click(
		byId('rlc-item-add-resource').getByText('Create a tag with the name typed above'),
	);
	await byId('rlc-item-add-resource').waitFor({ state: 'hidden' });
	await panel.execute();
	await panel.output.getByText(String(address)).first().waitFor();
	const tags = await atKit('tags');
	const { id } = tags.find(({ name }) => name === 'Came by the list') ?? {};
	const [tagged] = await atKit(`tags/${String(id)}/subscribers`, 'subscribers');
	expect(tagged?.email_address).toBe(address);
});

test('people who did not open lately are found with a number of days', async () => {
	const panel = await openKit({ resource: 'subscriber', operation: 'filter' });
	await panel.click(panel.text('Add Condition'));
	await panel.choose('type', 'Did Not Open Lately');
	await panel.field('lastDays').locator('input').waitFor();
	await panel.execute();
	await panel.output
		.getByText(/\d+ items?/)
		.first()
		.waitFor();
});

test('Only Count is an option, and takes Return All and Limit away', async () => {
	const panel = await openKit({ resource: 'tag', operation: 'getAll' });
	await panel.field('returnAll').waitFor();
	await panel.add('Add Option', 'Only Count');
	await panel.switchOn('onlyCount');
	await panel.field('returnAll').waitFor({ state: 'detached' });
	await panel.execute();
	await panel.output.getByText('total_count').first().waitFor();
});

test('an operation for many says that each input item is one row', async () => {
	await openKit({ resource: 'subscriber', operation: 'createMany' });
	await byId('ndv').getByText('Each input item is one row.').waitFor();
});

test('Liquid and n8n’s expressions stand side by side in the HTML of a broadcast', async () => {
	const panel = await openKit({ resource: 'broadcast', operation: 'create' });
	await panel.typeHtml('content', '<p>Hello {{ subscriber.first_name }}, {{ 1 + 1 }}</p>');
	await panel.type('subject', 'Hello');
	await panel.execute();
	await panel.output.getByText('draft').first().waitFor();
	const [{ id } = {}] = await atKit('broadcasts');
	const { broadcast } = await maton.sandbox.ask('GET', `/kit/v4/broadcasts/${String(id)}`);
	expect((broadcast as { content: string }).content).toBe(
		'<p>Hello {{ subscriber.first_name }}, 2</p>',
	);
});

/** Clicks in the panel of a node that is open; typing is none, and the click that runs it is one. */
describe('in few clicks', () => {
	test('a table with five custom fields is imported: 4', async () => {
		const labels = ['Street', 'Town', 'Country', 'Birthday', 'Shoe size'];
		for (const label of labels) {
			await maton.sandbox.ask('POST', '/kit/v4/custom_fields', { label });
		}
		const columns = Object.fromEntries(labels.map((label) => [label, `a ${label}`]));
		const rows = [1, 2].map((n) => ({ ...columns, email: `row${String(n)}@example.com` }));
		const id = await saved(
			'Import',
			manualTrigger,
			node('Rows', 'n8n-nodes-base.code', 2, { jsCode: `return ${JSON.stringify(rows)}` }),
			maton.kit('Kit', {
				resource: 'subscriber',
				operation: 'createMany',
				emailAddress: '={{ $json.email }}',
			}),
		);
		await editor.open(id);
		await byId('canvas-node')
			.filter({ hasText: 'Kit' })
			.dblclick({ position: { x: 48, y: 48 } });
		const panel = new Panel(editor);
		await byId('ndv').waitFor();
		await panel.map('Map Automatically');
		await panel.execute();
		await panel.output.getByText('2 items').waitFor();
		expect(panel.clicks).toBeLessThanOrEqual(4);
		const [row] = await atKit('subscribers?email_address=row1@example.com');
		expect(row?.fields).toMatchObject({ street: 'a Street', shoe_size: 'a Shoe size' });
	});

	test('somebody gets a tag by its name and their address: 7', async () => {
		const [{ email_address: address } = {}] = await atKit('subscribers');
		const panel = await openKit({ resource: 'tag', operation: 'addToSubscriber' });
		await panel.locate('tagId', 'By Name', 'VIP');
		await panel.locate('subscriberId', 'By Email', String(address));
		await panel.execute();
		await panel.output.getByText(String(address)).first().waitFor();
		expect(panel.clicks).toBeLessThanOrEqual(7);
	});

	test('a broadcast is scheduled to a tag: 9', async () => {
		const panel = await openKit({ resource: 'broadcast', operation: 'create' });
		await panel.typeHtml('content', '<p>Soon</p>');
		await panel.type('subject', 'Soon');
		await panel.choose('when', 'Send at a Time');
		await panel.type('sendAt', '2099-01-01 09:00:00');
		await panel.click(panel.text('Choose Recipients'));
		await panel.chooseAmong('tagIds', 'VIP');
		await panel.execute();
		await panel.output.getByText('scheduled').first().waitFor();
		expect(panel.clicks).toBeLessThanOrEqual(9);
	});

	test('an address is added to a form, whether Kit knows it or not: 7', async () => {
		const panel = await openKit({ resource: 'form', operation: 'addSubscriber' });
		await panel.chooseFromAccount('formId', /Welcome Form/);
		await panel.locate('subscriberId', 'By Email', 'form@example.com');
		await panel.switchOn('createSubscriber');
		await panel.execute();
		await panel.output.getByText('form@example.com').first().waitFor();
		expect(panel.clicks).toBeLessThanOrEqual(7);
	});

	test('a scheduled broadcast becomes a draft again: 5', async () => {
		const body = { subject: 'Not yet', content: '<p>…</p>', send_at: '2099-01-01T00:00:00Z' };
		await maton.sandbox.ask('POST', '/kit/v4/broadcasts', body);
		const panel = await openKit({ resource: 'broadcast', operation: 'update' });
		await panel.chooseFromAccount('broadcastId', /Not yet/);
		await panel.choose('when', 'Save as Draft');
		await panel.execute();
		await panel.output.getByText('draft').first().waitFor();
		expect(panel.clicks).toBeLessThanOrEqual(5);
	});
});
