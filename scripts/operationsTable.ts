import { createRequire } from 'node:module';
import type { INodeProperties, INodePropertyOptions, INodeType } from 'n8n-workflow';

const START = '<!-- operations: made by `npm run readme` -->';
const END = '<!-- /operations -->';

/** The Kit node as it is built. */
function builtNode(): INodeType {
	const built = createRequire(__filename)('../index.js') as { Kit: new () => INodeType };
	return new built.Kit();
}

/** `/kit/v4/tags/{tag_id|name}` as Kit's documentation writes it */
function kitPath(url: string): string {
	return url.replace(/^\/kit/, '').replaceAll(/\{(\w+)\|[^}]*\}/g, '{$1}');
}

/**
 * The operations of the built node with the request that each makes.
 * @returns a Markdown table, a resource a row
 */
export function operationsTable(): string {
	const { properties } = builtNode().description;
	const resources = properties.find(({ name }) => name === 'resource')?.options ?? [];
	const operationsOf = (resource: string): INodePropertyOptions[] =>
		(properties.find(
			({ name, displayOptions }: INodeProperties) =>
				name === 'operation' && displayOptions?.show?.resource?.includes(resource),
		)?.options ?? []) as INodePropertyOptions[];
	const rows = (resources as INodePropertyOptions[]).flatMap(({ name, value }) =>
		operationsOf(String(value)).map((operation, index) => {
			const { method = 'GET', url = '' } = operation.routing?.request ?? {};
			const first = index === 0 ? `**${name}**` : '';
			return `| ${first} | ${operation.name} | \`${method} ${kitPath(url)}\` |`;
		}),
	);
	return ['| Resource | Operation | Request |', '| --- | --- | --- |', ...rows].join('\n');
}

/**
 * @param readme the text of README.md
 * @returns the same with the table of operations as the built node has them
 */
export function withOperationsTable(readme: string): string {
	const before = readme.slice(0, readme.indexOf(START) + START.length);
	const after = readme.slice(readme.indexOf(END));
	return `${before}\n\n${operationsTable()}\n\n${after}`;
}
