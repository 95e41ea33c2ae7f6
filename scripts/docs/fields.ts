import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

type Choice = INodePropertyOptions;

const TYPES: Partial<Record<INodeProperties['type'], string>> = {
	boolean: 'on or off',
	collection: 'any of the fields below',
	color: 'color',
	dateTime: 'date and time',
	json: 'JSON',
	multiOptions: 'any number of choices',
	number: 'number',
	options: 'one choice',
	resourceMapper:
		'a field for each that your account has, or the columns of the input that are called so',
	string: 'text',
};

function choicesOf({ options = [] }: INodeProperties): Choice[] {
	return options.filter((option): option is Choice => 'value' in option);
}

/** What is to be entered, as a person would say it. */
function typeOf({ type, typeOptions, modes = [] }: INodeProperties): string {
	if (type === 'resourceLocator') {
		return modes
			.map(({ displayName }) => displayName)
			.join(', ')
			.replace(/, ([^,]*)$/, ' or $1');
	}
	const several = typeOptions?.multipleValues === true;
	if (type === 'fixedCollection') return several ? 'any number of entries' : 'one entry';
	if (typeOptions?.loadOptionsMethod !== undefined) {
		const count = type === 'multiOptions' ? 'any number' : 'one';
		return `${count} of what your account has, or by ID`;
	}
	return (several ? 'any number, each: ' : '') + (TYPES[type] ?? type);
}

function asWords(field: INodeProperties | undefined, value: unknown): string {
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	const choice = field && choicesOf(field).find((one) => one.value === value);
	return choice ? `“${choice.name}”` : String(value);
}

/** What a field has before anything is entered, where that is not nothing. */
function defaultOf(field: INodeProperties): string | undefined {
	const { default: value, type } = field;
	if (type === 'json' || value === '' || value === null || value === undefined) return undefined;
	if (Array.isArray(value)) {
		const words = value.map((one) => asWords(field, one)).join(', ');
		return words === '' ? undefined : `${words} at first`;
	}
	return typeof value === 'object' ? undefined : `${asWords(field, value)} at first`;
}

/** On which other fields it depends whether a field is there, as one fact; none where on none. */
function conditionsOf({ displayOptions }: INodeProperties, others: INodeProperties[]): string[] {
	const conditions = (kind: 'show' | 'hide', is: string) =>
		Object.entries(displayOptions?.[kind] ?? {}).flatMap(([name, values = []]) => {
			const other = others.find((one) => one.name === name);
			if (!other || !Array.isArray(values)) return [];
			const words = values.map((value) => asWords(other, value)).join(' or ');
			return [`**${other.displayName}** ${is} ${words}`];
		});
	const all = [...conditions('show', 'is'), ...conditions('hide', 'is not')];
	return all.length > 0 ? [`when ${all.join(' and ')}`] : [];
}

/** n8n's standard sentence says in HTML what the type says already. */
function plain(description: string): string {
	return description
		.replace(/\s*Choose from the list, or specify (an ID|IDs) using an <a.*$/, '')
		.replaceAll(/<a href="([^"]*)"[^>]*>([^<]*)<\/a>/g, '[$2]($1)');
}

/** @returns a text with its full stop */
export function sentence(text: string): string {
	return /[.!?]$/.test(text) ? text : `${text}.`;
}

function choiceLines(field: INodeProperties, indent: string): string[] {
	const choices = choicesOf(field);
	if (choices.length === 0) return [];
	if (choices.every(({ description }) => description === undefined)) {
		return [`${indent}- Choices: ${choices.map(({ name }) => name).join(', ')}`];
	}
	return choices.map(
		({ name, description }) =>
			`${indent}- “${name}”${description ? `: ${plain(description)}` : ''}`,
	);
}

function insideOf(field: INodeProperties): INodeProperties[] {
	if (field.type === 'collection') return (field.options ?? []) as INodeProperties[];
	if (field.type !== 'fixedCollection') return [];
	return ((field.options ?? []) as INodePropertyCollection[]).flatMap(({ values }) => values);
}

/** What is inside of a field, once: where it is the same as in another field, that one is named. */
function insideLines(field: INodeProperties, indent: string, shown: Map<string, string>): string[] {
	const inside = insideOf(field);
	const key = JSON.stringify(inside);
	const other = shown.get(key);
	if (inside.length > 1 && other !== undefined)
		return [`${indent}- The same fields as **${other}**`];
	shown.set(key, field.displayName);
	return fieldLines(inside, indent, shown);
}

/**
 * The fields of a node, of an operation or of a collection, as a person sees them.
 * @param fields with what is inside of them
 * @param indent of the list
 * @param shown the names of the fields of which the inside was shown already, by that
 * @returns lines of a Markdown list
 */
export function fieldLines(
	fields: INodeProperties[],
	indent = '',
	shown = new Map<string, string>(),
): string[] {
	return fields
		.filter(({ type }) => !['notice', 'hidden', 'callout'].includes(type))
		.flatMap((field) => {
			const facts = [
				typeOf(field),
				...(field.required ? ['required'] : []),
				defaultOf(field) ?? [],
				...conditionsOf(field, fields),
			].flat();
			const texts = [plain(field.description ?? ''), field.hint ?? ''].filter(
				(text) => text !== '',
			);
			const about = texts.length > 1 ? texts.map(sentence).join(' ') : texts.join('');
			const deeper = `${indent}  `;
			return [
				`${indent}- **${field.displayName}** (${facts.join('; ')})${about && `: ${about}`}`,
				...choiceLines(field, deeper),
				...insideLines(field, deeper, shown),
			];
		});
}
