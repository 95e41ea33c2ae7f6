import { createRequire } from 'node:module';
import type {
	INodeProperties,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

type NodeName = 'Kit' | 'KitPollingTrigger' | 'KitTrigger';

/** The nodes as they are built. */
function built(): Record<NodeName, new () => INodeType> {
	return createRequire(__filename)('../../index.js') as Record<NodeName, new () => INodeType>;
}

/** @returns the description of a built node */
export function describedNode(name: NodeName): INodeTypeDescription {
	return new (built()[name])().description;
}

/** An operation of the Kit node with the fields that it shows. */
export interface DescribedOperation {
	/** `resource.operation` */
	key: string;
	name: string;
	description: string;
	/** As Kit's documentation writes it: `GET /v4/tags/{tag_id}/subscribers` */
	request: string;
	fields: INodeProperties[];
}

/** A resource of the Kit node. */
export interface DescribedResource {
	name: string;
	value: string;
	operations: DescribedOperation[];
}

/** `/kit/v4/tags/{tag_id|name}` as Kit's documentation writes it */
function kitPath(url: string): string {
	return url.replace(/^\/kit/, '').replaceAll(/\{(\w+)\|[^}]*\}/g, '{$1}');
}

/**
 * Leaves of some fields those that an operation shows, inside collections as well.
 * @param fields of the node or of a collection
 * @param chosen what is chosen, by the names under which `displayOptions` have it
 */
function shownFields(fields: INodeProperties[], chosen: Record<string, string>): INodeProperties[] {
	const shown = fields.filter(
		({ displayOptions: { show = {}, hide = {} } = {} }) =>
			// What only a tool of an agent shows is the same otherwise.
			show['@tool'] === undefined &&
			Object.entries(chosen).every(
				([name, value]) =>
					(show[name]?.includes(value) ?? true) && !(hide[name]?.includes(value) ?? false),
			),
	);
	const inside = Object.fromEntries(
		Object.entries(chosen).map(([name, value]) => [name.replace(/^\/?/, '/'), value]),
	);
	return shown.map((field) =>
		field.type === 'collection'
			? { ...field, options: shownFields((field.options ?? []) as INodeProperties[], inside) }
			: field,
	);
}

/** @returns what the built Kit node can do, in the order of its lists */
export function describedResources(): DescribedResource[] {
	const { properties } = describedNode('Kit');
	const resources = properties.find(({ name }) => name === 'resource')?.options ?? [];
	return (resources as INodePropertyOptions[]).map(({ name, value }) => {
		const resource = String(value);
		const list = properties.find(
			(property) =>
				property.name === 'operation' &&
				property.displayOptions?.show?.resource?.includes(resource),
		);
		const operations = ((list?.options ?? []) as INodePropertyOptions[]).map((option) => {
			const operation = String(option.value);
			const { method = 'GET', url = '' } = option.routing?.request ?? {};
			return {
				key: `${resource}.${operation}`,
				name: option.name,
				description: option.description ?? '',
				request: `${method} ${kitPath(url)}`,
				fields: shownFields(properties, { resource, operation }).filter(
					(field) => !['resource', 'operation'].includes(field.name),
				),
			};
		});
		return { name, value: resource, operations };
	});
}
