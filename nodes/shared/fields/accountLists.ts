import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { accountConnection } from './locators';

/** n8n's editor resolves it where it is an expression, and then asks again for what can be chosen. */
const CHOSEN = [`${accountConnection.name}.value`];

/**
 * n8n's form for custom fields begins anew where another account is chosen, and forgets what was filled in. An
 * expression may lead to another one with each item that the editor shows: it is told by no name, and changes
 * nothing here.
 */
const CHOSEN_BY_NAME = [`${accountConnection.name}.cachedResultName`];

/**
 * @param property of a node on which an account can be chosen, as n8n takes it
 * @returns the same, of which n8n asks again for all lists in it when another account is chosen; what stands in
 * a locator's list it asks for anew with each change of the node anyway
 */
export function reloading(property: INodeProperties): INodeProperties {
	const { options, typeOptions, type } = property;
	const isList = typeOptions?.loadOptionsMethod !== undefined;
	const dependsOn = type === 'resourceMapper' ? CHOSEN_BY_NAME : isList ? CHOSEN : undefined;
	return {
		...property,
		...(options && { options: options.map(reloadingIn) }),
		...(dependsOn && { typeOptions: { ...typeOptions, loadOptionsDependsOn: dependsOn } }),
	};
}

function reloadingIn(
	option: INodeProperties | INodePropertyCollection | INodePropertyOptions,
): INodeProperties | INodePropertyCollection | INodePropertyOptions {
	if ('values' in option) return { ...option, values: option.values.map(reloading) };
	return 'type' in option ? reloading(option) : option;
}
