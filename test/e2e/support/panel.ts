import type { Locator } from 'playwright-core';
import type { Editor } from './editor';

/** The open node's panel, used as a person does, who clicks and types. */
export class Panel {
	/** How often somebody clicked since the node was opened */
	clicks = 0;

	/** @param editor in which the node is open */
	constructor(private readonly editor: Editor) {}

	private byId(testId: string): Locator {
		return this.editor.page.getByTestId(testId);
	}

	/** @param name of a parameter, whose input is wanted */
	field(name: string): Locator {
		return this.byId(`parameter-input-${name}`);
	}

	get output(): Locator {
		return this.byId('output-panel');
	}

	/** Text of the panel, such as of a button. */
	text(text: RegExp | string): Locator {
		return this.byId('ndv').getByText(text, { exact: true });
	}

	async click(where: Locator): Promise<void> {
		this.clicks += 1;
		await where.click();
	}

	/** Types into a field of text, a number or a time. */
	async type(name: string, text: string): Promise<void> {
		const input = this.field(name).locator('input, textarea').first();
		await this.click(input);
		await input.fill(text);
	}

	/** Types HTML into n8n's editor for it, which takes it over a little later, and then saves it. */
	async typeHtml(name: string, html: string): Promise<void> {
		const { page } = this.editor;
		await this.click(this.field(name).locator('.cm-content'));
		const saved = page.waitForRequest(
			(request) =>
				request.method() === 'PATCH' &&
				Boolean(request.postData()?.includes(JSON.stringify(html).slice(1, -1))),
		);
		await page.keyboard.insertText(html);
		await saved;
	}

	/** Chooses from a list of choices: one click opens it, and one takes the choice. */
	async choose(name: string, option: string): Promise<void> {
		await this.chooseIn(this.field(name).locator('input').first(), option);
	}

	/** Chooses how n8n's form for columns is filled. */
	async map(how: string): Promise<void> {
		await this.chooseIn(this.byId('mapping-mode-select').locator('input').first(), how);
	}

	/** Chooses from a list of which several can be chosen, and which stays open. */
	async chooseAmong(name: string, option: string): Promise<void> {
		await this.click(this.field(name).locator('input:enabled').first());
		await this.click(this.dropdown().getByText(option, { exact: true }).first());
	}

	private dropdown(): Locator {
		return this.editor.page.locator('.el-select-dropdown:visible');
	}

	private async chooseIn(opens: Locator, option: string): Promise<void> {
		await this.click(opens);
		const list = this.dropdown();
		await this.click(list.getByText(option, { exact: true }).first());
		await list.waitFor({ state: 'hidden' });
	}

	/** Says in a locator how something is given, such as By Name, and gives it. */
	async locate(name: string, mode: string, text: string): Promise<void> {
		const locator = this.byId(`resource-locator-${name}`);
		await this.chooseIn(locator.getByTestId('rlc-mode-selector').locator('input'), mode);
		await this.click(locator.locator('input').last());
		await locator.locator('input').last().fill(text);
	}

	/** Chooses in a locator from what the account has. */
	async chooseFromAccount(name: string, what: RegExp | string): Promise<void> {
		await this.click(this.byId(`resource-locator-${name}`).getByTestId('rlc-input'));
		await this.click(this.byId('rlc-item').getByText(what, { exact: true }).first());
	}

	/** Adds a field to a collection, by what n8n shows in it as long as nothing is chosen. */
	async add(collection: string, option: string): Promise<void> {
		await this.chooseIn(
			this.byId('ndv').getByPlaceholder(collection).locator('visible=true'),
			option,
		);
	}

	async switchOn(name: string): Promise<void> {
		await this.click(this.field(name).locator('.el-switch'));
	}

	/** Runs the node to its end. */
	async execute(): Promise<void> {
		const button = this.byId('node-execute-button');
		await this.click(button);
		await button.getByText('Execute step').waitFor();
	}
}
