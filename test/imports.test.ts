import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const nodes = resolve(__dirname, '../nodes');

/** What each source file of the nodes imports of the others, types included. */
const imports = new Map(
	readdirSync(nodes, { recursive: true })
		.map(String)
		.filter((file) => file.endsWith('.ts'))
		.map((file): [string, string[]] => {
			const text = readFileSync(join(nodes, file), 'utf8');
			const from = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) =>
				relative(nodes, resolve(nodes, dirname(file), `${path}.ts`)),
			);
			return [file, from];
		}),
);

function circleFrom(file: string, way: string[] = [], done = new Set<string>()): string[] {
	if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
	if (done.has(file)) return [];
	for (const next of imports.get(file) ?? []) {
		const circle = circleFrom(next, [...way, file], done);
		if (circle.length > 0) return circle;
	}
	done.add(file);
	return [];
}

test('no two source files of the nodes import each other, however far around', () => {
	expect(imports.size).toBeGreaterThan(50);
	const circles = [...imports.keys()].map((file) => circleFrom(file));
	expect(circles.filter((circle) => circle.length > 0)).toEqual([]);
});

test('the nodes have nothing to do with each other: all stand on nodes/shared', () => {
	const across = [...imports].flatMap(([file, from]) => {
		const [own = ''] = file.split('/');
		return from
			.filter((other) => !['shared', '..', own].includes(other.split('/')[0] ?? ''))
			.map((other) => `${file} imports ${other}`);
	});
	expect(across).toEqual([]);
});
