import { describedResources } from './description';

const START = '<!-- operations: made by `npm run docs` -->';
const END = '<!-- /operations -->';

/**
 * The operations of the built node with the request that each makes.
 * @returns a Markdown table, a resource a row
 */
export function operationsTable(): string {
	const rows = describedResources().flatMap(({ name, operations }) =>
		operations.map((operation, index) => {
			const first = index === 0 ? `**${name}**` : '';
			return `| ${first} | ${operation.name} | \`${operation.request}\` |`;
		}),
	);
	return ['| Resource | Operation | Request |', '| --- | --- | --- |', ...rows].join('\n');
}

/**
 * @param readme the text of README.md
 * @returns the same with the table and the number of operations as the built node has them
 */
export function withOperationsTable(readme: string): string {
	const before = readme.slice(0, readme.indexOf(START) + START.length);
	const after = readme.slice(readme.indexOf(END));
	const count = describedResources().flatMap(({ operations }) => operations).length;
	return `${before}\n\n${operationsTable()}\n\n${after}`.replaceAll(
		/\d+(?= operations, and a trigger|, every endpoint)/g,
		String(count),
	);
}
