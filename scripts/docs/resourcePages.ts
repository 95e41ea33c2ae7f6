import type { Answers } from './answers';
import type { DescribedOperation, DescribedResource } from './description';
import { exampleBlock, fullest } from './example';
import { fieldLines, sentence } from './fields';

/** The part of a link after `#` that GitHub gives to a heading. */
export function anchor(heading: string): string {
	return heading
		.toLowerCase()
		.replaceAll(/[^\w -]/g, '')
		.replaceAll(' ', '-');
}

function section(operation: DescribedOperation, answers: Answers): string[] {
	const { key, name, description, request, fields } = operation;
	const item = fullest(answers.get(key)?.[0] ?? []);
	return [
		`## ${name}`,
		sentence(description),
		`Request: \`${request}\``,
		...(fields.length > 0 ? [fieldLines(fields).join('\n')] : ['It has no fields.']),
		...(item ? ['An item that comes out:', exampleBlock(item)] : []),
	];
}

function page({ name, operations }: DescribedResource, answers: Answers): string {
	return [
		`# ${name}`,
		'[All resources](../README.md)',
		operations.map((operation) => `- [${operation.name}](#${anchor(operation.name)})`).join('\n'),
		...operations.flatMap((operation) => section(operation, answers)),
	].join('\n\n');
}

/**
 * @param resources of the built node
 * @param answers what its operations gave
 * @returns a page for each resource, by the path inside `docs`
 */
export function resourcePages(
	resources: DescribedResource[],
	answers: Answers,
): Map<string, string> {
	return new Map(
		resources.map((resource) => [`resources/${resource.value}.md`, `${page(resource, answers)}\n`]),
	);
}
