import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Browser, chromium, type Locator, type Page, selectors } from 'playwright-core';
import { n8n, onFailure } from './n8n';

const IMAGES = resolve(__dirname, '../../../docs/images');
const DEBIAN_CHROMIUM = '/usr/bin/chromium';
const TIMEOUT_MS = 60_000;

/** Around the nodes in a picture of the canvas, in pixels: their names are wider, and below them. */
const MARGIN = { side: 48, top: 24, bottom: 64 };

/** After which n8n has faded in what it shows anew, such as the text of a button. */
const FADED_IN_MS = 500;

/** What lies over the canvas. */
const HIDDEN = [
	'.el-notification',
	'.vue-flow__controls',
	// Of which the button of a workflow with several triggers has two parts.
	'[class*=_executionButtons_]',
	'[data-test-id=workflow-chat-button]',
];

/** Pictures are kept by `npm run screenshots` alone, so that a test run changes no file. */
const KEEP_IMAGES = process.env.npm_lifecycle_event === 'screenshots';

/** Nobody is reached but n8n itself, so that the editor looks the same with a network and without. */
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-background-networking',
	'--disable-component-update',
	'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** What pages depend on, the same on every computer. */
const LOOKS = { colorScheme: 'light', locale: 'en-US', timezoneId: 'UTC' } as const;

async function launch(): Promise<Browser> {
	const { CHROMIUM_PATH } = process.env;
	const executablePath =
		CHROMIUM_PATH ?? (existsSync(DEBIAN_CHROMIUM) ? DEBIAN_CHROMIUM : undefined);
	try {
		return await chromium.launch({
			args: FLAGS,
			...(executablePath ? { executablePath } : { channel: 'chrome' }),
		});
	} catch (error) {
		const message =
			'No browser could be started. Install Chromium or Chrome, or say where one is with CHROMIUM_PATH.';
		throw new Error(message, { cause: error });
	}
}

/** What Chrome calls itself when it is not headless, since n8n lets no bot approve what an agent does. */
function userAgent(browser: Browser): string {
	const engine = 'AppleWebKit/537.36 (KHTML, like Gecko)';
	return `Mozilla/5.0 (X11; Linux x86_64) ${engine} Chrome/${browser.version()} Safari/537.36`;
}

async function logIn(page: Page): Promise<void> {
	await page.goto(`${n8n.rest.url}/signin`);
	await page.getByRole('textbox', { name: 'Email' }).fill(n8n.owner.email);
	await page.locator('input[type=password]').fill(n8n.owner.password);
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/home\//);
}

/** n8n's editor in a browser. */
export interface Editor {
	readonly page: Page;
	/**
	 * Opens something else than n8n, in a page of its own.
	 * @param url its address
	 * @param viewport the size of the page
	 */
	openOther: (url: string, viewport: Pick<Picture, 'width' | 'height'>) => Promise<Page>;
	/** Opens a workflow and waits until it is drawn. */
	open: (workflowId: string) => Promise<void>;
	/** Opens the only node of a workflow for editing. */
	openNode: (workflowId: string) => Promise<void>;
	/**
	 * Keeps a picture for the documentation, where pictures are wanted.
	 * @param name the file's name in docs/images, without `.png`
	 * @param clip the part of the page; all of it when left out
	 * @param of another page than the editor's
	 */
	picture: (name: string, clip?: Picture, of?: Page) => Promise<void>;
	/**
	 * Opens a workflow and keeps a picture of all its nodes, where pictures are wanted.
	 * @param name the file's name in docs/images, without `.png`
	 * @param workflowId which
	 */
	pictureOfCanvas: (name: string, workflowId: string) => Promise<void>;
}

/** A part of the page, in pixels. */
interface Picture {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** The part of the page that holds all of these. */
async function around(things: Locator): Promise<Picture> {
	const boxes = await Promise.all((await things.all()).map(async (one) => await one.boundingBox()));
	const all = boxes.filter((box) => box !== null);
	const x = Math.min(...all.map((box) => box.x)) - MARGIN.side;
	const y = Math.min(...all.map((box) => box.y)) - MARGIN.top;
	const right = Math.max(...all.map((box) => box.x + box.width)) + MARGIN.side;
	const bottom = Math.max(...all.map((box) => box.y + box.height)) + MARGIN.bottom;
	return { x, y, width: right - x, height: bottom - y };
}

/** Opens n8n's editor, logged in, before the tests of a file, and closes it after them. */
export function useEditor(): Editor {
	let browser: Browser | undefined;
	let current: Page | undefined;
	const page = (): Page => {
		if (!current) throw new Error('The editor is open only during tests');
		return current;
	};
	const open = async (workflowId: string): Promise<void> => {
		await page().goto(`${n8n.rest.url}/workflow/${workflowId}`);
		await page().getByTestId('canvas-node').first().waitFor();
	};

	const picture = async (name: string, clip?: Picture, of = page()): Promise<void> => {
		if (!KEEP_IMAGES) return;
		const path = join(IMAGES, `${name}.png`);
		await mkdir(dirname(path), { recursive: true });
		await of.waitForTimeout(FADED_IN_MS);
		const style = `${HIDDEN.join()} { visibility: hidden }`;
		await of.screenshot({ path, animations: 'disabled', style, ...(clip && { clip }) });
	};

	beforeAll(async () => {
		selectors.setTestIdAttribute('data-test-id');
		browser = await launch();
		current = await browser.newPage({
			...LOOKS,
			viewport: { width: 1440, height: 900 },
			userAgent: userAgent(browser),
		});
		current.setDefaultTimeout(TIMEOUT_MS);
		await logIn(current);
	});
	onFailure.push(async (folder) => {
		await current?.screenshot({ path: join(folder, 'editor.png') });
	});
	afterAll(async () => {
		await browser?.close();
	});

	return {
		get page() {
			return page();
		},
		openOther: async (url, viewport) => {
			if (!browser) throw new Error('The browser is open only during tests');
			const other = await browser.newPage({ ...LOOKS, viewport });
			other.setDefaultTimeout(TIMEOUT_MS);
			await other.goto(url);
			return other;
		},
		open,
		openNode: async (workflowId) => {
			await open(workflowId);
			await page().getByTestId('canvas-node').dblclick();
			await page().getByTestId('ndv').waitFor();
		},
		picture,
		pictureOfCanvas: async (name, workflowId) => {
			if (!KEEP_IMAGES) return;
			await open(workflowId);
			await picture(name, await around(page().locator('.vue-flow__node')));
		},
	};
}
