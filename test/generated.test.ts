import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadOutputSchema } from 'n8n-core';
import { KEYS } from '../sandbox/maton/demo';
import { GENERATED, generate, PROJECT } from '../scripts/docs/generate';
import { describedOperations } from './support/description';
import { loader } from './support/n8n';

let made: Map<string, string>;

beforeAll(async () => {
	made = await generate();
	made.delete('README.md');
}, 180_000);

function filesIn(folder: string): string[] {
	return readdirSync(join(PROJECT, folder), { recursive: true })
		.map((path) => join(folder, String(path)))
		.filter((path) => statSync(join(PROJECT, path)).isFile());
}

test('what is made from the nodes is as they are now (npm run docs)', () => {
	const found = [...made.keys()].map((path) => [path, readFileSync(join(PROJECT, path), 'utf8')]);
	expect(Object.fromEntries(found)).toEqual(Object.fromEntries(made));
	const makes = (path: string) => made.has(path.replaceAll('\\', '/'));
	expect(GENERATED.flatMap(filesIn).filter((path) => !makes(path))).toEqual([]);
});

test('n8n finds the fields of every operation’s output in the built package', async () => {
	const without: string[] = [];
	for (const { resource, option } of await describedOperations()) {
		const schema = loadOutputSchema({
			nodeDir: dirname(loader.known.nodes.kit?.sourcePath ?? ''),
			version: 1,
			resource,
			operation: String(option.value),
		});
		// The editor shows nothing of a schema without properties.
		const known = schema?.type === 'object' && Object.keys(schema.properties ?? {}).length > 0;
		if (!known) without.push(`${resource}.${String(option.value)}`);
	}
	expect(without).toEqual([]);
});

test('every operation has its request and an example on the page of its resource', async () => {
	for (const { resource, option } of await describedOperations()) {
		const [, section = ''] =
			made.get(`docs/resources/${resource}.md`)?.split(`\n## ${option.name}\n`) ?? [];
		const [own = ''] = section.split('\n## ');
		expect(own).toContain(`Request: \`${String(option.routing?.request?.method)} /`);
		expect(own).toContain('```json\n{');
	}
});

test('no secret gets into what is made', () => {
	const texts = [...made.values()].join('\n');
	for (const key of Object.values(KEYS)) expect(texts).not.toContain(key);
	expect(texts).not.toMatch(/whsec_\w|session_token=\w|token=[\da-f]{32}/);
});
