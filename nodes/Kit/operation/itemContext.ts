import type { IExecuteFunctions, IExecutePaginationFunctions, INode } from 'n8n-workflow';
import { isExpression, isObject } from '../../shared/fields/parsers';

/** The context of one item, as n8n's declarative engine gives it to pagination functions. */
export type ItemContext = IExecutePaginationFunctions;

/**
 * n8n evaluates and checks a field anew for each item, also where no expression is in it. Such a field is
 * read once for all items here.
 * @param context of the node
 * @param node the node, which n8n copies for everybody who asks
 * @returns what gives the context of an item
 */
export function itemContexts(
	context: IExecuteFunctions,
	node: INode,
): (itemIndex: number) => ItemContext {
	const dependsOnItem = new Map<string, boolean>();
	const fixed = new Map<string, unknown>();
	const isFixed = (name: string) => {
		const [field = ''] = name.split('.');
		const known = dependsOnItem.get(field) ?? hasExpression(node.parameters[field]);
		dependsOnItem.set(field, known);
		return !known;
	};
	return (itemIndex) => {
		const own = {
			getNode: () => node,
			getItemIndex: () => itemIndex,
			getInputData: () => context.getInputData()[itemIndex],
			getCredentials: async (type: string) => await context.getCredentials(type, itemIndex),
			getNodeParameter: (name: string, fallback?: unknown, options?: object) => {
				if (fixed.has(name)) return fixed.get(name);
				const value = context.getNodeParameter(name, itemIndex, fallback, options) as unknown;
				if (isFixed(name)) fixed.set(name, value);
				return value;
			},
		};
		return Object.assign(Object.create(context) as ItemContext, own);
	};
}

/** @returns whether there is an expression anywhere in what a node has in a field */
export function hasExpression(value: unknown): boolean {
	if (isExpression(value)) return true;
	if (Array.isArray(value)) return value.some(hasExpression);
	return isObject(value) && Object.values(value).some(hasExpression);
}
