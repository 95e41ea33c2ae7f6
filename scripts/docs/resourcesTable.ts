import { type DescribedResource, describedResources } from './description';

const START = '<!-- resources: made by `npm run docs` -->';
const END = '<!-- /resources -->';

function row({ name, value, operations }: DescribedResource): string {
	const names = operations.map((operation) => operation.name).join(', ');
	return `| [${name}](docs/resources/${value}.md) | ${names} |`;
}

/**
 * @param readme the text of README.md
 * @returns the same with the resources of the built node and their operations
 */
export function withResourcesTable(readme: string): string {
	const before = readme.slice(0, readme.indexOf(START) + START.length);
	const after = readme.slice(readme.indexOf(END));
	const rows = describedResources().map(row);
	const table = ['| Resource | Operations |', '| --- | --- |', ...rows].join('\n');
	return `${before}\n\n${table}\n\n${after}`;
}

/**
 * @param text in which the operations are counted
 * @returns the same with the number that the built node has
 */
export function withCounts(text: string): string {
	const count = describedResources().flatMap(({ operations }) => operations).length;
	return text.replaceAll(/\d+(?= operations, (?:and )?a trigger|, every endpoint)/g, String(count));
}
