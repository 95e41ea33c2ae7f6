import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { anchor } from '../scripts/docs/resourcePages';
import { GENERATED } from '../scripts/docs/generate';
import { scripts } from '../package.json';

const root = resolve(__dirname, '..');

function read(file: string): string {
	return readFileSync(resolve(root, file), 'utf8');
}

/** Code without its layout, which is another in a document. */
function bare(code: string): string {
	return code.replaceAll(/\s+/g, '').replaceAll(/,(?=[}\])]|$)/g, '');
}

function withoutBlocks(text: string): string {
	return text.replaceAll(/^ *```[^]*?^ *```$/gm, '');
}

/** What links to headings of a document may end in. */
function anchorsOf(document: string): string[] {
	return [...withoutBlocks(read(document)).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
		anchor(text),
	);
}

const markdownIn = (folder: string) =>
	readdirSync(resolve(root, folder))
		.filter((file) => file.endsWith('.md'))
		.map((file) => join(folder, file));

const GUIDES = ['.', 'docs', 'examples', '.github'].flatMap(markdownIn);
const RESOURCES = GENERATED.filter((folder) => folder.startsWith('docs')).flatMap(markdownIn);

describe.each(GUIDES)('%s', (document) => {
	const text = read(document);

	test('names only files that are there', () => {
		const quoted = [...withoutBlocks(text).matchAll(/`(\.?\w[\w./-]*\/[\w./-]*)`/g)];
		const files = quoted.map(([, file = '']) => file);
		expect(files.filter((file) => !existsSync(resolve(root, file)))).toEqual([]);
	});

	test('names only commands that are there', () => {
		const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
		expect(commands.filter((name) => !(name in scripts))).toEqual([]);
	});
});

test.each([...GUIDES, ...RESOURCES])('the links of %s lead somewhere', (document) => {
	const links = [...withoutBlocks(read(document)).matchAll(/\]\((?!https:)([^)]+)\)/g)];
	const lost = links.filter(([, link = '']) => {
		const [file = '', heading] = link.split('#');
		const target = file === '' ? document : join(dirname(document), file);
		if (!existsSync(resolve(root, target))) return true;
		return heading !== undefined && !anchorsOf(target).includes(heading);
	});
	expect(lost.map(([, link]) => link)).toEqual([]);
});

test('every document is reached from README.md', () => {
	const reached = new Set(['README.md', 'LICENSE']);
	for (const document of reached) {
		if (!document.endsWith('.md')) continue;
		for (const [, file = ''] of read(document).matchAll(/\]\((?!https:|#)([^)#]+)[^)]*\)/g)) {
			reached.add(join(dirname(document), file));
		}
	}
	const own = [...GUIDES, ...RESOURCES].filter((document) => !document.startsWith('.github'));
	expect(own.filter((document) => !reached.has(document) && document !== 'AGENTS.md')).toEqual([]);
});

test('every picture of docs/images is shown in a document', () => {
	const texts = [...GUIDES, ...RESOURCES].map(read).join('\n');
	const pictures = readdirSync(resolve(root, 'docs/images'), { recursive: true })
		.map(String)
		.filter((path) => path.endsWith('.png'));
	expect(pictures.filter((path) => !texts.includes(`images/${path}`))).toEqual([]);
});

test('CONTRIBUTING.md shows code as it stands in the files', () => {
	const blocks = [...read('CONTRIBUTING.md').matchAll(/```ts\n *\/\/ (\S+)\n([^]*?)```/g)];
	expect(blocks).not.toEqual([]);
	for (const [, file = '', code = ''] of blocks) expect(bare(read(file))).toContain(bare(code));
});

test('docs/moving-over.md shows the new item as the node gives it', () => {
	const itemsIn = (text: string) =>
		[...text.matchAll(/```json\n([^]*?)```/g)].map(
			([, json = '']) => JSON.parse(json) as Record<string, unknown>,
		);
	const [, shown = {}] = itemsIn(read('docs/moving-over.md'));
	const [, section = ''] = read('docs/resources/form.md').split('\n## Get Subscribers\n');
	const [given = {}] = itemsIn(section);
	expect(Object.keys(given)).toEqual(expect.arrayContaining(Object.keys(shown)));
	expect(typeof given.fields).toBe(typeof shown.fields);
});

test('npm run screenshots runs every test that takes a picture', () => {
	const taking = readdirSync(resolve(root, 'test/e2e')).filter(
		(file) => file.endsWith('.test.ts') && /\.picture(OfCanvas)?\(/.test(read(`test/e2e/${file}`)),
	);
	expect(taking.length).toBeGreaterThan(0);
	const run = scripts.screenshots.split(' ');
	expect(taking.filter((file) => !run.includes(file.replace('.test.ts', '')))).toEqual([]);
});
