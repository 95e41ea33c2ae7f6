import type { IExecuteFunctions, IExecutePaginationFunctions, INode } from 'n8n-workflow';

/** The context of one item, as n8n's declarative engine gives it to pagination functions. */
export type ItemContext = IExecutePaginationFunctions;

/**
 * @param context of the node
 * @param itemIndex which item
 * @param node the node, which n8n copies for everybody who asks
 * @returns the context of that item
 */
export function itemContext(
	context: IExecuteFunctions,
	itemIndex: number,
	node: INode,
): ItemContext {
	const own = {
		getNode: () => node,
		getItemIndex: () => itemIndex,
		getInputData: () => context.getInputData()[itemIndex],
		getCredentials: async (type: string) => await context.getCredentials(type, itemIndex),
		getNodeParameter: (name: string, fallback?: unknown, options?: object) =>
			context.getNodeParameter(name, itemIndex, fallback, options),
	};
	return Object.assign(Object.create(context) as ItemContext, own);
}
