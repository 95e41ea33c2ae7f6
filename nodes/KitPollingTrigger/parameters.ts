import type { INodeProperties, IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { reloading } from '../shared/fields/accountLists';
import { describeField } from '../shared/fields/describeField';
import type { Field, Row, ValueField } from '../shared/fields/field';
import { isShown } from '../shared/fields/field';
import { accountConnection } from '../shared/fields/locators';
import { parseField } from '../shared/fields/parseField';
import type { Watch } from './watch';
import { WATCHES } from './watches';

const watch: ValueField = {
	displayName: 'Watch For',
	name: 'watch',
	type: 'options',
	noDataExpression: true,
	options: WATCHES.map(({ name, value, description }) => ({ name, value, description })),
	default: 'newSubscriber',
	description:
		'What starts the workflow. After another choice here or below, only what is new from then on does.',
};

/** @returns a field where a watch has it */
function shownFor(field: Field, watches: string[]): INodeProperties {
	const { show, hide } = field.displayOptions ?? {};
	return {
		...describeField(field),
		displayOptions: { show: { watch: watches, ...show }, ...(hide && { hide }) },
	};
}

function noticeOf({ value, notice }: Watch): INodeProperties {
	return {
		displayName: notice,
		name: `${value}Notice`,
		type: 'notice',
		default: '',
		displayOptions: { show: { watch: [value] } },
	};
}

/** A field that several watches share is one property of the node, and stands behind those that they do not. */
function fieldProperties(): INodeProperties[] {
	const watchesOf = new Map<Field, string[]>();
	for (const { value, fields } of WATCHES) {
		for (const field of fields) watchesOf.set(field, [...(watchesOf.get(field) ?? []), value]);
	}
	const own = [...watchesOf].sort(([, some], [, others]) => some.length - others.length);
	return own.map(([field, watches]) => shownFor(field, watches));
}

export const properties: INodeProperties[] = [
	describeField(watch),
	...fieldProperties().map(reloading),
	...WATCHES.map(noticeOf),
	describeField(accountConnection),
];

/** @returns what stands below the node on the canvas: the name of the watch */
export function subtitle(): string {
	const names = JSON.stringify(Object.fromEntries(WATCHES.map(({ value, name }) => [value, name])));
	return `={{ ${names}[$parameter["watch"]] }}`;
}

/** What a person chose, read. */
export interface Choice {
	watch: Watch;
	/** The values of its fields, by their names */
	settings: Row;
	/** The same as it is to be told from other choices: conditions as they were entered, since "a week ago" moves */
	meant: Row;
	/** The connection that the node names in place of the credential's */
	connectionId?: string;
}

/**
 * @param context of a poll
 * @returns what a person chose
 * @throws {NodeOperationError} that names the field and what would be right
 */
export function choiceOf(context: IPollFunctions): Choice {
	const node = context.getNode();
	const settings: Row = {};
	const meant: Row = {};
	const valueOf = (field: Field): unknown => {
		const entered: unknown = context.getNodeParameter(field.name, field.default);
		const scope = { timezone: context.getTimezone(), node: settings };
		return parseField(field, entered, node.parameters[field.name], scope);
	};
	try {
		const chosen = valueOf(watch);
		const found = WATCHES.find(({ value }) => value === chosen) ?? WATCHES[0];
		if (!found) throw new Error('There is nothing to watch');
		for (const field of found.fields) {
			if (!isShown(field, settings)) continue;
			settings[field.name] = valueOf(field);
			const { name, type, default: fallback } = field;
			const entered = node.parameters[name] ?? fallback;
			meant[name] = type === 'fixedCollection' ? entered : settings[name];
		}
		const connectionId = valueOf(accountConnection) as string | undefined;
		return { watch: found, settings, meant, connectionId };
	} catch (error) {
		throw new NodeOperationError(node, error as Error);
	}
}
