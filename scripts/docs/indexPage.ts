import type { DescribedResource } from './description';
import { anchor } from './resourcePages';

/**
 * @param resources of the built node
 * @returns the page that leads to all others
 */
export function indexPage(resources: DescribedResource[]): string {
	const lists = resources.map(({ name, value, operations }) => {
		const page = `resources/${value}.md`;
		const links = operations.map(
			(operation) => `[${operation.name}](${page}#${anchor(operation.name)})`,
		);
		return `- **[${name}](${page})**: ${links.join(', ')}`;
	});
	return (
		[
			'# What the nodes do, page by page',
			'Every operation of the **Kit** node: what it does, the request it makes, its fields, and an ' +
				'example of what comes out of it.',
			lists.join('\n'),
			'What the **Kit Trigger** gives for each event: [Events](events.md).',
			'The examples are from a made-up account that is modelled on the documentation of Kit and Maton. ' +
				'Long texts and lists are cut short in them.',
		].join('\n\n') + '\n'
	);
}
