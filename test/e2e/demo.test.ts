import type { Page } from 'playwright-core';
import { useEditor } from './support/editor';
import { chain, executionsOf, n8n, useKit } from './support/n8n';

const maton = useKit({ subscribers: 250 });
const editor = useEditor();

let page: Page;

beforeEach(async () => {
	page = await editor.openOther(maton.sandbox.current.url, { width: 1200, height: 1500 });
});

afterEach(async () => {
	await page.close();
});

const press = async (name: string) => {
	await page.getByRole('button', { name, exact: true }).click();
};

const told = (sentence: RegExp) => page.locator('#done').getByText(sentence).first();

test('the page of the sandbox makes things happen that start a workflow, and shows what n8n answered', async () => {
	await page.getByText('Nobody listens yet').waitFor();
	const events = ['subscriber.created', 'subscriber.tag_added', 'subscriber.unsubscribed'];
	const { id } = await n8n.rest.createWorkflow(
		chain('From the page', [maton.trigger({ events }), maton.kit('Kit', { resource: 'account' })]),
	);
	await n8n.rest.activateWorkflow(id);
	await page.getByText('1 webhook at this Kit').waitFor();

	for (const [name, sentence] of [
		['Joins through a form', /joined through the form “Welcome Form”/],
		['Gets a tag', /got the tag “VIP”/],
		['Buys something', /bought a Notebook/],
		['Clicks a link', /clicked a link/],
		['Finishes a sequence', /finished a sequence/],
		['Unsubscribes', /unsubscribed/],
	] as const) {
		await press(name);
		await told(sentence).waitFor();
	}

	const executions = await executionsOf(id, 3);
	expect(executions.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
	const rows = page.locator('#delivered tr');
	for (const event of events) {
		const row = rows.filter({ hasText: event }).filter({ hasText: /\w+\.\d+@example\.com/ });
		await row.filter({ hasText: '200' }).waitFor();
	}
	await editor.picture('demo-page', undefined, page);
	expect(await rows.count()).toBe(3);
	await n8n.rest.deactivateWorkflow(id);
	await page.getByText('Nobody listens yet').waitFor();
});

test('each button of the page does what it says when it is the first that is pressed', async () => {
	const buttons = page.locator('#buttons button');
	for (const name of await buttons.allInnerTexts()) {
		await page.reload();
		await press(name);
		await page.locator('#done li').first().waitFor();
		expect(await page.locator('#done li.bad').allInnerTexts()).toEqual([]);
	}
});

test('the page lets lists be late, and says which delay is chosen', async () => {
	const addresses = async () => {
		const { subscribers } = await maton.sandbox.ask('GET', '/kit/v4/subscribers?per_page=1000');
		return JSON.stringify(subscribers);
	};
	await press('30 seconds late');
	await page.locator('button[aria-pressed=true]', { hasText: '30 seconds late' }).waitFor();
	await press('Somebody subscribes');
	await told(/subscribed/).waitFor();
	const [address = ''] = /\S+@\S+/.exec(await told(/subscribed/).innerText()) ?? [];
	expect(await addresses()).not.toContain(address);
	await press('At once');
	await page.locator('button[aria-pressed=true]', { hasText: 'At once' }).waitFor();
	expect(await addresses()).toContain(address);
});
