import type { DescribedResource } from './description';
import { anchor } from './resourcePages';
import { WISHES } from './wishes';

const GUIDES = [
	['behavior', 'How the Kit node behaves'],
	['trigger', 'How the Kit Trigger behaves'],
	['errors', 'Errors and what they mean'],
	['limits', 'Limits, and versions of n8n'],
	['moving-over', 'Moving over from the built-in ConvertKit node'],
	['compared', 'Compared with what there is'],
	['speed', 'Speed'],
	['real-kit', 'What was seen against the real Kit'],
] as const;

/** A link to each operation, by `resource.operation`. */
function linksOf(resources: DescribedResource[], withResource: boolean): Map<string, string> {
	return new Map(
		resources.flatMap(({ name, value, operations }) =>
			operations.map((operation) => {
				const text = withResource ? `${name} → ${operation.name}` : operation.name;
				return [
					operation.key,
					`[${text}](resources/${value}.md#${anchor(operation.name)})`,
				] as const;
			}),
		),
	);
}

function linkOf(links: Map<string, string>, key: string): string {
	const link = links.get(key);
	if (link === undefined) throw new Error(`There is no operation ${key}`);
	return link;
}

/**
 * @param resources of the built node
 * @returns the page that leads to all others
 */
export function indexPage(resources: DescribedResource[]): string {
	const [long, short] = [linksOf(resources, true), linksOf(resources, false)];
	const wishes = WISHES.map(([wish, ...keys]) => {
		return `| … ${wish} | ${keys.map((key) => linkOf(long, key)).join(', ')} |`;
	});
	const lists = resources.map(({ name, value, operations }) => {
		const links = operations.map(({ key }) => linkOf(short, key));
		return `- **[${name}](resources/${value}.md)**: ${links.join(', ')}`;
	});
	return (
		[
			'# What do you want to do?',
			['| I want to … | Operation of the Kit node |', '| --- | --- |', ...wishes].join('\n'),
			'To start a workflow when something happens in Kit, take the **Kit Trigger**: ' +
				'[an item of each event](events.md). Where Kit cannot reach n8n, or announces nothing, take the ' +
				'**Kit Polling Trigger**: [what it watches](polling.md). Whole workflows to import: ' +
				'[examples](../examples/README.md).',
			'## How things work',
			GUIDES.map(([file, title]) => `- [${title}](${file}.md)`).join('\n'),
			'## Every operation',
			'What it does, the request it makes, its fields, and an example of what comes out of it.',
			lists.join('\n'),
			'The examples are from a made-up account that is modelled on the documentation of Kit and Maton. ' +
				'Long texts and lists are cut short in them.',
		].join('\n\n') + '\n'
	);
}
