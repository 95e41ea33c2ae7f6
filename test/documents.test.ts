import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { scripts } from '../package.json';

const root = resolve(__dirname, '..');

function read(file: string): string {
	return readFileSync(resolve(root, file), 'utf8');
}

/** Code without its layout, which is another in a document. */
function bare(code: string): string {
	return code.replaceAll(/\s+/g, '').replaceAll(/,(?=[}\])]|$)/g, '');
}

describe.each(['AGENTS.md', 'CONTRIBUTING.md', 'SECURITY.md'])('%s', (document) => {
	const text = read(document);
	const withoutBlocks = text.replaceAll(/^ *```[^]*?^ *```$/gm, '');

	test('names only files that are there', () => {
		const quoted = [...withoutBlocks.matchAll(/`(\.?\w[\w./-]*\/[\w./-]*)`/g)];
		const linked = [...withoutBlocks.matchAll(/\]\((?!https:)([^)]+)\)/g)];
		const files = [...quoted, ...linked].map(([, file = '']) => file);
		expect(files).not.toEqual([]);
		expect(files.filter((file) => !existsSync(resolve(root, file)))).toEqual([]);
	});

	test('names only commands that are there', () => {
		const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
		expect(commands.filter((name) => !(name in scripts))).toEqual([]);
	});
});

test('CONTRIBUTING.md shows code as it stands in the files', () => {
	const blocks = [...read('CONTRIBUTING.md').matchAll(/```ts\n *\/\/ (\S+)\n([^]*?)```/g)];
	expect(blocks).not.toEqual([]);
	for (const [, file = '', code = ''] of blocks) expect(bare(read(file))).toContain(bare(code));
});
