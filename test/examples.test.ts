import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { INode, INodeParameters, INodeTypeDescription, IWorkflowBase } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { KEYS } from '../sandbox/maton/demo';
import { KIT, loader } from './support/n8n';

const FOLDER = resolve(__dirname, '../examples');
const STICKY = 'n8n-nodes-base.stickyNote';

/** How large n8n draws a node that is not a sticky note, its name below it included, in pixels. */
const NODE_SIZE = { width: 96, height: 140 };

const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

function read(file: string): string {
	return readFileSync(resolve(FOLDER, file), 'utf8');
}

/** The description of a node of this package, and of what n8n makes of it for agents. */
async function descriptionOf({ type }: INode): Promise<INodeTypeDescription | undefined> {
	await loader.loadAll();
	const name = type.replace(/^n8n-nodes-maton-kit\./, '').replace(/^kitTool$/, 'kit');
	const { description } = loader.getNode(name).type;
	return 'properties' in description ? description : undefined;
}

/** The parameters of a node, without those that n8n adds for agents. */
function parametersOf({ parameters }: INode): INodeParameters {
	const own = Object.entries(parameters).filter(
		([name]) => !['descriptionType', 'toolDescription'].includes(name),
	);
	return Object.fromEntries(own);
}

/** Where a node is drawn. */
function boxOf({ type, position: [x, y], parameters }: INode) {
	const { width, height } = type === STICKY ? (parameters as typeof NODE_SIZE) : NODE_SIZE;
	return { left: x, right: x + width, top: y, bottom: y + height };
}

function overlap(one: INode, other: INode): boolean {
	const [a, b] = [boxOf(one), boxOf(other)];
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

describe.each(files)('the example %s', (file) => {
	const workflow = JSON.parse(read(file)) as IWorkflowBase;
	const stickies = workflow.nodes.filter(({ type }) => type === STICKY);
	const nodes = workflow.nodes.filter(({ type }) => type !== STICKY);
	const ours = nodes.filter(({ type }) => type.startsWith(KIT));

	test('has only parameters that the nodes of this package have, and all that they need', async () => {
		expect(ours).not.toEqual([]);
		for (const node of ours) {
			const description = await descriptionOf(node);
			expect([description?.version].flat()).toContain(node.typeVersion);
			const { properties = [] } = description ?? {};
			const given = parametersOf(node);
			const known = NodeHelpers.getNodeParameters(
				properties,
				given,
				true,
				false,
				node,
				description ?? null,
			);
			expect(known).toMatchObject(given);
			const filledIn = { ...node, parameters: known ?? {} };
			const issues = NodeHelpers.getNodeParametersIssues(properties, filledIn, description ?? null);
			expect(issues?.parameters).toBeUndefined();
		}
	});

	test('tells an agent in words what each tool is for', () => {
		for (const { type, parameters } of ours) {
			if (type === `${KIT}Tool`) expect(parameters.toolDescription).toMatch(/^[A-Z].{20,}\.$/);
		}
	});

	test('begins with a heading, and says which credential to choose', () => {
		const [first] = stickies;
		expect(first?.parameters.content).toMatch(/^## /);
		expect(first?.parameters.content).toContain('Maton Kit credential');
		expect(first?.parameters.content).toContain(workflow.name.split(',')[0]);
	});

	test('names on its notes only nodes that it has', () => {
		const bold = stickies.flatMap(({ parameters }) =>
			[...(parameters.content as string).matchAll(/\bin \*\*(.+?)\*\*/g)].map(([, name]) => name),
		);
		const names = nodes.map(({ name }) => name);
		expect(bold.filter((name) => name !== undefined && !names.includes(name))).toEqual([]);
	});

	test('is laid out so that nothing covers anything', () => {
		for (const [index, one] of workflow.nodes.entries()) {
			for (const other of workflow.nodes.slice(index + 1)) {
				expect([one.name, other.name, overlap(one, other)]).toEqual([one.name, other.name, false]);
			}
		}
	});

	test('connects every node', () => {
		const links = Object.entries(workflow.connections).flatMap(([from, byType]) =>
			Object.values(byType)
				.flat(2)
				.flatMap((link) => [from, link?.node]),
		);
		const names = nodes.map(({ name }) => name);
		expect([...new Set(links)].sort()).toEqual(names.sort());
	});

	test('shows the fields of what starts it before anything has happened', () => {
		const called = nodes.filter(({ type }) => /\.(kitTrigger|webhook)$/.test(type));
		const without = called.filter(({ name }) => (workflow.pinData?.[name] ?? []).length === 0);
		expect(without.map(({ name }) => name)).toEqual([]);
	});

	test('holds neither credentials nor anything of an account or a computer', () => {
		const known = ['connections', 'name', 'nodes', 'pinData', 'settings'];
		expect(Object.keys(workflow).filter((key) => !known.includes(key))).toEqual([]);
		expect(nodes.filter((node) => 'credentials' in node)).toEqual([]);
		expect(read(file)).not.toMatch(new RegExp(`${KEYS.main}|Bearer|localhost|127\\.0\\.0\\.1`));
	});
});

test('examples/README.md shows every example with its picture', () => {
	const text = read('README.md');
	for (const file of files) {
		expect(text).toContain(`(${file})`);
		expect(text).toContain(`(../docs/images/examples/${file.replace('.json', '.png')})`);
	}
	for (const [, target = ''] of text.matchAll(/\]\((?!https:)([^)]+)\)/g)) {
		expect([target, existsSync(resolve(FOLDER, target))]).toEqual([target, true]);
	}
});
