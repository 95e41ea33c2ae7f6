import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { NodeHelpers, Workflow } from 'n8n-workflow';
import { operationsOf } from '../support/description';
import { KIT, kitInWorkflow, kitNode, loader, nodeTypes } from '../support/n8n';

/** What n8n's editor does when a person chooses an operation, with nothing filled in. */
describe('an operation that is just chosen', () => {
	const chosen = async () =>
		(await operationsOf()).map((key) => {
			const [resource = '', operation = ''] = key.split('.');
			return { key, node: kitInWorkflow({ resource, operation }) };
		});

	test('gets the defaults of its fields from n8n', async () => {
		const { description } = await kitNode();
		const refused: string[] = [];
		for (const { key, node } of await chosen()) {
			for (const [defaults, hidden] of [
				[true, false],
				[true, true],
				[false, false],
			] as const) {
				try {
					NodeHelpers.getNodeParameters(
						description.properties,
						node.parameters,
						defaults,
						hidden,
						node,
						description,
					);
				} catch (error) {
					refused.push(`${key}: ${String(error)}`);
				}
			}
		}
		expect(refused).toEqual([]);
	});

	test('makes a workflow that opens', async () => {
		const types = nodeTypes({ [KIT]: await kitNode() });
		const refused: string[] = [];
		for (const { key, node } of await chosen()) {
			try {
				new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes: types });
			} catch (error) {
				refused.push(`${key}: ${String(error)}`);
			}
		}
		expect(refused).toEqual([]);
	});
});

/** Properties at any depth. */
function within({ options = [], ...property }: INodeProperties): INodeProperties[] {
	const inner = options.flatMap((option) =>
		'values' in option ? option.values : 'type' in option ? [option] : [],
	);
	return [property, ...inner.flatMap(within)];
}

test.each(['kit', 'kitPollingTrigger'])(
	'%s: every list is asked for again when another account is chosen',
	async (name) => {
		await kitNode();
		const { description } = loader.getNode(name).type as { description: INodeTypeDescription };
		const lists = description.properties
			.flatMap(within)
			.filter(({ type, typeOptions: { loadOptionsMethod } = {} }) =>
				type === 'resourceMapper' ? true : loadOptionsMethod !== undefined,
			);
		expect(lists.length).toBeGreaterThan(3);
		const dependencies = lists.map(({ typeOptions }) => typeOptions?.loadOptionsDependsOn);
		const isOnAccount = (one?: string[]) => one?.some((path) => path.startsWith('connection.'));
		expect(dependencies.map(isOnAccount)).toEqual(lists.map(() => true));
		expect(description.properties.map((property) => property.name)).toContain('connection');
	},
);
