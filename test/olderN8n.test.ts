import type { INodeParameters, INodeTypeDescription } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import type {
	INodeParameters as OldestParameters,
	INodeTypeDescription as Oldest,
} from 'n8n-workflow-oldest';
import { NodeHelpers as OldestHelpers } from 'n8n-workflow-oldest';
import { describedOperations } from './support/description';
import { loader } from './support/n8n';

/** What changes which fields there are. */
const CHOICES: INodeParameters[] = [
	{},
	{ returnAll: true },
	{ options: { onlyCount: true } },
	{ tagId: { __rl: true, mode: 'name', value: 'VIP' } },
	...[true, false].map((createSubscriber) => ({
		createSubscriber,
		subscriberId: { __rl: true, mode: 'email', value: 'reader@example.com' },
	})),
];

/** The fields that the newest n8n shows. */
function shown(description: INodeTypeDescription, parameters: INodeParameters): string[] {
	const node = { typeVersion: 1 };
	const { properties } = description;
	const values =
		NodeHelpers.getNodeParameters(properties, parameters, true, false, node, description) ?? {};
	return properties
		.filter((field) => NodeHelpers.displayParameter(values, field, node, description))
		.map(({ name }) => name);
}

/** The fields that the oldest n8n shows, whose functions do not take the description. */
function shownByOldest({ properties }: Oldest, parameters: OldestParameters): string[] {
	const node = { typeVersion: 1 };
	const values = OldestHelpers.getNodeParameters(properties, parameters, true, false, node) ?? {};
	return properties
		.filter((field) => OldestHelpers.displayParameter(values, field, node))
		.map(({ name }) => name);
}

/** n8n 1.85 and 2.0 refuse to run a node whose fields they cannot put in an order. */
test('the oldest n8n that the documents name shows the same fields as the newest', async () => {
	const chosen = (await describedOperations()).flatMap(({ resource, option }) =>
		CHOICES.map((choice) => ({ resource, operation: option.value, ...choice })),
	);
	for (const [name, choices] of [
		['kit', chosen],
		['kitTrigger', [{}]],
		['kitPollingTrigger', [{}]],
	] as const) {
		const { description } = loader.getNode(name).type as { description: INodeTypeDescription };
		for (const parameters of choices as INodeParameters[]) {
			const oldest = shownByOldest(description as Oldest, parameters as OldestParameters);
			expect(oldest).toEqual(shown(description, parameters));
		}
	}
});
