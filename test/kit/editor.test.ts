import { NodeHelpers, Workflow } from 'n8n-workflow';
import { operationsOf } from '../support/description';
import { KIT, kitInWorkflow, kitNode, nodeTypes } from '../support/n8n';

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
