import { isDeepStrictEqual } from 'node:util';
import type {
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	NodeParameterValueType,
} from 'n8n-workflow';
import type { DescribedOperation } from './description';
import { describedOperations } from './description';
import { kitNode } from './n8n';

/** A place of an operation at which a person can put a value. */
export interface Place {
	/** As a test says it: `Additional Fields > Custom Fields > Value` */
	name: string;
	property: INodeProperties;
	/** What a person reads above the field, and above what it stands in */
	labels: string[];
	/** Whether it is one of the fields whose purpose is to take something away */
	clears: boolean;
	/** What a working case has here; undefined where none of them fills it in */
	own: unknown;
	/** Of a locator, the way in which it is given; empty for the whole of it */
	mode?: string;
	/** Whether the description has the same field in an operation before this one */
	isShared: boolean;
	/** The node's parameters with a value of one's own at this place, all else as in a working case */
	holding: (value: string) => INodeParameters;
}

const CLEARING = ['emptiedCustomFields', 'emptyField', 'fieldsToEmpty'];

const isRecord = (value: unknown): value is INodeParameters =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is taken away would hide what another field gives. */
function withoutClearing(parameters: INodeParameters): INodeParameters {
	return Object.fromEntries(
		Object.entries(parameters)
			.filter(([name]) => !CLEARING.includes(name))
			.map(([name, value]) => [name, isRecord(value) ? withoutClearing(value) : value]),
	);
}

/** Lists are read as short as can be, since what they are asked with is all that matters. */
function briefly({ returnAll, ...parameters }: INodeParameters): INodeParameters {
	return returnAll === undefined ? parameters : { ...parameters, limit: 1 };
}

/** What else a selector can be, where a field is hidden for some of its choices. */
function otherThan(sibling: INodeProperties | undefined, hidden: unknown[]): unknown {
	if (sibling?.type === 'boolean') return hidden[0] !== true;
	const options = (sibling?.options ?? []) as INodePropertyOptions[];
	return options.find(({ value }) => !hidden.includes(value))?.value;
}

/**
 * @param property with what shows and hides it
 * @param siblings the fields beside it, for what they are at first
 * @param values of the fields beside it
 * @returns the same with every selector set so that the field is there
 */
function showing(
	property: INodeProperties,
	siblings: INodeProperties[],
	values: INodeParameters,
): INodeParameters {
	const { show = {}, hide = {} } = property.displayOptions ?? {};
	const set = { ...values };
	const siblingOf = (name: string) => siblings.find((one) => one.name === name);
	const isOneOf = (name: string, list: unknown[] = []) =>
		list.includes(name in set ? set[name] : siblingOf(name)?.default);
	for (const [name, list = []] of Object.entries(show)) {
		const isSelector = siblingOf(name) !== undefined;
		if (isSelector && !isOneOf(name, list)) set[name] = list[0];
	}
	for (const [name, list = []] of Object.entries(hide)) {
		if (!isOneOf(name, list)) continue;
		set[name] = otherThan(siblingOf(name), list) as NodeParameterValueType;
	}
	return set;
}

/** Of several, the first that fills the field in and shows it as it is, if there is one. */
function best(
	property: INodeProperties,
	siblings: INodeProperties[],
	candidates: INodeParameters[],
): INodeParameters {
	const rank = (values: INodeParameters) =>
		2 * Number(property.name in values) +
		Number(isDeepStrictEqual(showing(property, siblings, values), values));
	const [first = {}] = [...candidates].sort((one, other) => rank(other) - rank(one));
	return showing(property, siblings, first);
}

/** Fields that stand beside each other, in the node, in a collection or in a row. */
interface Level {
	siblings: INodeProperties[];
	/** What a person reads above all of them */
	labels: string[];
	/** Values with which working cases fill them in */
	candidates: INodeParameters[];
	isShared: (property: INodeProperties) => boolean;
	/** The parameters of the node where this level holds these values */
	around: (values: INodeParameters) => INodeParameters;
}

const placesOf = (level: Level): Place[] =>
	level.siblings.flatMap((property) => placesAt(property, level));

function placesAt(property: INodeProperties, level: Level): Place[] {
	const { siblings, candidates } = level;
	const { name, displayName, type } = property;
	if (type === 'notice') return [];
	const labels = [...level.labels, displayName];
	const values = best(property, siblings, candidates);
	const { isShared } = level;
	const around = (value: unknown) =>
		level.around({ ...values, [name]: value as NodeParameterValueType });
	const place = (own: unknown, wrap: (value: string) => unknown, mode?: string): Place => ({
		name: labels.join(' > ') + (mode === undefined ? '' : ` by ${mode || 'itself'}`),
		property,
		labels,
		clears: CLEARING.includes(name),
		own: isDeepStrictEqual(own, []) || String(own).startsWith('=') ? undefined : own,
		mode,
		isShared: isShared(property),
		holding: (value) => around(wrap(value)),
	});
	const given = [values, ...candidates].map((one) => one[name]).filter(isRecord);
	if (type === 'resourceLocator') {
		const ownOf = (mode: string) => given.find((one) => one.mode === mode)?.value;
		return [
			place(ownOf('id'), (value) => value, ''),
			...(property.modes ?? []).map(({ name: mode }) =>
				place(ownOf(mode), (value) => ({ __rl: true, mode, value }), mode),
			),
		];
	}
	// Of the collections themselves, n8n does not resolve an expression: it throws it away.
	if (type === 'collection') {
		const inner = property.options as INodeProperties[];
		const inside = { siblings: inner, labels, candidates: given, isShared, around };
		return placesOf(inside);
	}
	if (type === 'fixedCollection') {
		return (property.options as INodePropertyCollection[]).flatMap((group) => {
			const several = property.typeOptions?.multipleValues === true;
			return placesOf({
				siblings: group.values,
				labels,
				candidates: given.flatMap((one) => one[group.name] as unknown).filter(isRecord),
				isShared,
				around: (row) => around({ [group.name]: several ? [row] : row }),
			});
		});
	}
	if (type === 'resourceMapper') {
		const inside = (key: string, value: string) => ({
			mappingMode: 'defineBelow',
			value: { [key]: value },
		});
		const filled = given.map((one) => one.value).filter(isRecord);
		const [key = 'last_name'] = filled.flatMap(Object.keys);
		return [
			place(filled[0]?.[key], (value) => inside(key, value)),
			place(undefined, (value) => value, ''),
		];
	}
	return [place(property.noDataExpression === true ? undefined : values[name], (value) => value)];
}

/** What makes a field the same as another, wherever they are shown. */
function signatureOf(property: INodeProperties): string {
	const { displayName, name, type, options, typeOptions, required, modes } = property;
	return JSON.stringify([displayName, name, type, options, typeOptions, required, modes]);
}

/** A field with those that stand in it. */
function withInner(property: INodeProperties): INodeProperties[] {
	const { type, options = [] } = property;
	const inner =
		type === 'collection'
			? (options as INodeProperties[])
			: type === 'fixedCollection'
				? (options as INodePropertyCollection[]).flatMap(({ values }) => values)
				: [];
	return [property, ...inner.flatMap(withInner)];
}

const nameOf = ({ resource, option }: DescribedOperation): string =>
	`${resource}.${String(option.value)}`;

async function propertiesOf({ resource, option }: DescribedOperation): Promise<INodeProperties[]> {
	const { properties } = (await kitNode()).description;
	return properties.filter(({ displayOptions: { show } = {} }) => {
		const isOfOperation = show?.operation?.includes(option.value) === true;
		return isOfOperation && !show['@tool'] && show.resource?.includes(resource) === true;
	});
}

/** The first operation that has a field, by the field's signature. */
async function firstOperations(): Promise<Map<string, string>> {
	const first = new Map<string, string>();
	for (const operation of await describedOperations()) {
		for (const property of (await propertiesOf(operation)).flatMap(withInner)) {
			const signature = signatureOf(property);
			if (!first.has(signature)) first.set(signature, nameOf(operation));
		}
	}
	return first;
}

let firsts: ReturnType<typeof firstOperations> | undefined;

/**
 * @param operation of the built node
 * @param cases parameters with which it works
 * @returns every place of the operation that takes a value: its fields, the fields in collections, the
 * fields in rows, and each way of a locator
 */
export async function describedPlaces(
	operation: DescribedOperation,
	cases: INodeParameters[],
): Promise<Place[]> {
	firsts ??= firstOperations();
	const first = await firsts;
	const { resource, option } = operation;
	return placesOf({
		siblings: await propertiesOf(operation),
		labels: [],
		candidates: [...cases.map(withoutClearing).map(briefly), ...cases, {}],
		isShared: (property) => first.get(signatureOf(property)) !== nameOf(operation),
		around: (values) => ({ resource, operation: option.value, ...values }),
	});
}
