import { isDeepStrictEqual } from 'node:util';
import { DateTime } from 'luxon';
import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';
import type { RecordedRequest } from '../../sandbox';
import { isOfAnswer } from '../../sandbox/facts/contract';
import type { Place } from '../support/describedFields';
import { describedPlaces } from '../support/describedFields';
import type { DescribedOperation } from '../support/description';
import { describedOperations, operationsOf } from '../support/description';
import type { Way } from '../support/n8n';
import { runKit } from '../support/n8n';
import { SMOOTH, useSandbox } from '../support/sandbox';
import '../support/unlimited';
import { CASES } from './cases';
import { findKnown, prepare } from './cases/prepare';

const sandbox = useSandbox({}, SMOOTH);

/** Values that an expression can give wherever it stands, whatever the field is for. */
const ODD: unknown[] = [
	// Yes and no
	true,
	false,
	'true',
	'true\n',
	' TRUE ',
	'yes',
	// Numbers
	0,
	1,
	5,
	-1,
	1.5,
	1e21,
	'5',
	' 5 \n',
	'5.0',
	'0x10',
	'1,5',
	// Choices and words
	'all\n',
	'ALL',
	'nonsense',
	'Anna\n',
	'5\nAnna',
	'🎉 Ünïcødé',
	'Cafe\u0301',
	'{{ subscriber.first_name }}',
	'x'.repeat(10_000),
	// Addresses
	'reader@example.com',
	'a@b.co,victim@example.com',
	// Times
	'2026-01-31',
	'2026-01-31T10:00:00',
	'2026-01-31 10:00:00+00',
	'2026-02-30',
	// Lists and objects
	[],
	['a'],
	[5],
	[null],
	{},
	{ a: 1 },
	// Nothing
	null,
	'',
	'   ',
	// Names that every object of JavaScript has
	'__proto__',
	'constructor',
];

/** Values that JSON cannot carry, by the expressions that give them. */
const COMPUTED: Record<string, string> = {
	Luxon: "DateTime.fromISO('2026-01-31T10:00:00Z')",
	'invalid Luxon': "DateTime.fromISO('nonsense')",
	Date: "new Date('2026-01-31T10:00:00Z')",
	'invalid Date': "new Date('nonsense')",
	undefined: 'undefined',
};

/** What those mean; the invalid ones mean nothing that could be sent. */
const MEANT: Record<string, unknown> = {
	Luxon: '2026-01-31T10:00:00Z',
	Date: '2026-01-31T10:00:00Z',
	undefined,
};

/** A value of the tables, or what computes it. */
type Odd = { odd: unknown } | { computed: string };

const TABLE: Odd[] = [
	...ODD.map((odd) => ({ odd })),
	...Object.keys(COMPUTED).map((computed) => ({ computed })),
];

/** For fields that take the whole table elsewhere: those of an operation before, a locator in another way. */
const SHORT_TABLE: Odd[] = TABLE.filter(
	(one) =>
		'computed' in one ||
		['true\n', 5, ' 5 \n', 'all\n', 'a@b.co,victim@example.com', '', '__proto__'].includes(
			one.odd as string,
		) ||
		isDeepStrictEqual(one.odd, [null]) ||
		isDeepStrictEqual(one.odd, { a: 1 }),
);

const EXPRESSION = `={{ ${Object.entries(COMPUTED)
	.map(([name, code]) => `$json.computed === '${name}' ? ${code} : `)
	.join('')}$json.odd }}`;

const nameOf = (odd: Odd): string =>
	'computed' in odd ? odd.computed : JSON.stringify(odd.odd).slice(0, 40);

const isOwn = (odd: Odd, { own }: Place) => 'odd' in odd && odd.odd === own;

/** What became of a value. */
interface Outcome {
	odd: Odd;
	sent: RecordedRequest[];
	/** What its item failed with, if it did */
	error?: string;
}

let lanes = 0;

/** Each item is in an account of its own, so that nothing is known of it from those before. */
const ownLanes = () => ({
	...sandbox.credential,
	get baseUrl() {
		lanes += 1;
		return sandbox.current.url + '/.'.repeat(lanes % 400);
	},
});

/** Each item ends before the next one begins, and shares no request with it. */
const ONE_BY_ONE = { batching: { batch: { batchSize: 1, batchInterval: 1 } } };

/**
 * Lets the operation run with each of the values at a place, an item each.
 * @param place at which they stand
 * @param values to be tried
 * @param prepared what the case has to have beforehand
 * @param way in which n8n runs the operation
 */
async function runEach(
	place: Place,
	values: Odd[],
	prepared: IDataObject[],
	way: Way,
): Promise<Outcome[]> {
	const { log } = sandbox.current;
	/** How many requests had arrived when the node first read the value of an item */
	const starts: number[] = [];
	const items = values.map((value, index) => ({
		prepared,
		...value,
		get computed() {
			starts[index] ??= log.length;
			return 'computed' in value ? value.computed : undefined;
		},
	}));
	const { items: output, error } = await runKit({
		way,
		credential: ownLanes(),
		parameters: { ...place.holding(EXPRESSION), requestOptions: ONE_BY_ONE },
		items: items as IDataObject[],
		onError: 'continueRegularOutput',
	});
	if (error) throw error;
	const failures = new Map(
		output
			.filter(({ json }) => typeof json.error === 'string')
			.map(({ json, pairedItem }) => [(pairedItem as { item: number }).item, json.error as string]),
	);
	return values.map((odd, index) => ({
		odd,
		sent: log.slice(starts[index], starts[index + 1]),
		error: failures.get(index),
	}));
}

/** Something in a request that is no list and no object, or an empty one, by where it stands. */
type Leaf = [path: string, value: unknown];

function leavesAt(value: unknown, path: string): Leaf[] {
	if (value === undefined) return [];
	const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
	if (entries.length === 0) return [[path, value]];
	return entries.flatMap(([key, inner]) => leavesAt(inner, `${path}.${key}`));
}

const leavesOf = ({ query, body }: RecordedRequest): Leaf[] =>
	leavesAt({ query, body }, '').filter(([path]) => path !== '.query' && path !== '.body');

const PATH = /^\/(kit\/v4(\/[a-z_]+|\/[1-9]\d*)+|connections(\/[0-9a-f-]{36})?)$/i;
const MAY_BE_EMPTY = /\.(sku|callback_url)$/;
const CUSTOM_FIELD = /^\.body\.fields\./;

/** What texts of the table never say, so that only a mistake can have made them. */
const STRAY = /\[object |^(undefined|null|NaN|Invalid Date(Time)?)$|^"/i;

function isDate(value: unknown): boolean {
	if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d(T.*Z)?$/.test(value)) return false;
	return DateTime.fromISO(value).isValid;
}

/** A number of days that is sent as the day so long ago. */
const DAYS_AGO = 'lastDays';

type Rule = [what: string, path: RegExp, isRight: (value: unknown) => boolean];

const hasNoStrays = (value: unknown) => typeof value !== 'string' || !STRAY.test(value);

/** Custom fields have names of their own, which say nothing of what is in them. */
const IS_TEXT: Rule = [
	'text without strays',
	CUSTOM_FIELD,
	(value) => typeof value === 'string' && hasNoStrays(value),
];

/** What must be true of a value by the name under which it arrives. */
const RIGHT: Rule[] = [
	['a value without strays', /./, hasNoStrays],
	[
		'a date',
		/(_(after|before|at|time)|query\.(starting|ending)|range\.(start|end)|all\.\d+\.(after|before))$/,
		isDate,
	],
	['one address', /\.email_address$/, (value) => /^[^\s@,]+@[^\s@,]+$/.test(String(value))],
	[
		'true or false',
		/query\.(slim|archived|include_content|include_total_count)$/,
		(value) => value === 'true' || value === 'false',
	],
	['an ID', /(?<!transaction)[._](id|ids\.\d+|matching\.\d+)$/, Number.isSafeInteger],
	['a page size', /\.per_page$/, (value) => Number(value) >= 1 && Number(value) <= 1000],
];

function complaintsAbout([path, value]: Leaf, clears: boolean): string[] {
	const shown = `${path.slice(1)} = ${JSON.stringify(value).slice(0, 60)}`;
	const isEmpty = [null, [], {}].some((nothing) => isDeepStrictEqual(value, nothing));
	if (isEmpty || (typeof value === 'string' && value.trim() === '')) {
		return clears || MAY_BE_EMPTY.test(path) ? [] : [`${shown} is empty`];
	}
	const rules = path.startsWith('.body.fields.')
		? [IS_TEXT]
		: RIGHT.filter(([, where]) => where.test(path));
	return rules
		.filter(([, , isRight]) => !isRight(value))
		.map(([what]) => `${shown} is not ${what}`);
}

const trimmed = (value: unknown): string => String(value).trim();
const partsOf = (value: unknown): string[] =>
	[value].flat().flatMap((part) => [
		trimmed(part),
		...String(part)
			.split(/[,\r\n]/)
			.map(trimmed),
	]);
const isScalar = (value: unknown) => ['boolean', 'number', 'string'].includes(typeof value);
const isNumber = (value: unknown) =>
	typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()));
const isBoolean = (value: unknown) =>
	isScalar(value) && ['true', 'false', '1', '0'].includes(trimmed(value).toLowerCase());
const isSameTime = (one: unknown, other: unknown) =>
	DateTime.fromISO(String(one)).toMillis() === DateTime.fromISO(String(other)).toMillis();

/** Texts of several values with commas or line breaks between them, which may also come as a list. */
const COMMA_LISTS = ['urls', 'urlIds', 'sourceIds', 'sourceNames', 'mechanismIds'];

/**
 * @param place at which a value that is there was given
 * @param value that was given, where it is computed what it means, undefined where that is nothing
 * @param isTime whether it is no text but a time
 * @returns whether the value may be sent at all, and whether something that was sent may stand for it
 */
function rightsOf({ property, clears }: Place, value: unknown, isTime: boolean) {
	const { type, name, options = [], typeOptions = {} } = property;
	const choices = options.map((option) => (option as INodePropertyOptions).value);
	const anything = () => true;
	switch (type) {
		case 'boolean':
			return { may: isBoolean(value), stands: anything };
		case 'number':
			return {
				may: isNumber(value) && !isTime,
				stands: (sent: unknown) =>
					name === DAYS_AGO ? isDate(sent) : Number(sent) === Number(trimmed(value)),
			};
		case 'dateTime':
			return {
				may: String(value).startsWith('2026-01-31'),
				stands: (sent: unknown) => String(sent).startsWith('2026-01-31'),
			};
		case 'json':
			return {
				may: typeof value === 'object' && !isDeepStrictEqual(value, [null]),
				stands: anything,
			};
		case 'color':
			return { may: false, stands: anything };
		case 'options':
		case 'multiOptions':
			if (clears) return { may: value !== undefined, stands: anything };
			if (choices.length === 0) break;
			return {
				may: property.noDataExpression !== true,
				stands: (sent: unknown) =>
					String(sent)
						.split(',')
						.every((one) => choices.includes(one)),
			};
		case 'string':
			break;
		default:
			return { may: value !== undefined, stands: anything };
	}
	const isList = type === 'multiOptions' || COMMA_LISTS.includes(name);
	const isLong = typeOptions.rows !== undefined;
	return {
		may: isList ? value !== undefined : isScalar(value),
		stands: (sent: unknown) => {
			// What was created by one of these names has an id of its own.
			if (typeof sent === 'number' && ['tags', 'sequenceIds'].includes(name)) return true;
			if (isTime) return isSameTime(sent, value);
			const texts = isList ? partsOf(value) : [isLong ? String(value) : trimmed(value)];
			return texts.some(
				(text) =>
					text.toUpperCase() === String(sent).toUpperCase() ||
					(isNumber(text) && Number(text) === sent),
			);
		},
	};
}

/** @returns what is wrong by the type of the field with what was sent for a value */
function complaintsByType(place: Place, odd: Odd, arrived: Leaf[]): string[] {
	const isComputed = 'computed' in odd;
	if (isOwn(odd, place)) return [];
	const value = isComputed ? MEANT[odd.computed] : odd.odd;
	const isMissing =
		value === null ||
		(typeof value === 'string' && value.trim() === '') ||
		isDeepStrictEqual(value, []);
	if (isMissing || (isComputed && odd.computed === 'undefined')) return [];
	const { may, stands } = rightsOf(place, value, isComputed && value !== undefined);
	if (!may) return ['was not refused'];
	return arrived
		.filter(([, sent]) => !stands(sent))
		.map(([path, sent]) => `${path.slice(1)} = ${JSON.stringify(sent).slice(0, 60)}`);
}

/** Whether a request does what the operation is for, and does not just look something up for it. */
function isMain({ routing }: INodePropertyOptions, { method, path }: RecordedRequest): boolean {
	const request = (routing?.request ?? {}) as { method?: string; url?: string };
	if (request.method !== 'GET') return method !== 'GET';
	const pattern = request.url
		?.replace(/\/\{[^}]*email_address\}/, '(/\\d+)?')
		.replaceAll(/\{.*?\}/g, '[^/]+');
	return new RegExp(`^${pattern ?? ''}$`).test(path);
}

/**
 * @returns what arrives whatever the value: what the working case sends and what goes without a value;
 * where neither sends anything, what all that are sent have in common
 */
function usualValues(option: INodePropertyOptions, place: Place, outcomes: Outcome[]): Set<string> {
	const sending = outcomes
		.filter(({ sent }) => sent.some((request) => isMain(option, request)))
		.map(({ odd, sent }) => ({
			isUsual: isOwn(odd, place) || nameOf(odd) === 'undefined',
			values: new Set(sent.flatMap(leavesOf).map(([, value]) => JSON.stringify(value))),
		}));
	const usual = sending.filter(({ isUsual }) => isUsual);
	if (usual.length > 0) return new Set(usual.flatMap(({ values }) => [...values]));
	const [first, ...others] = sending;
	return new Set(
		[...(first?.values ?? [])].filter((value) => others.every(({ values }) => values.has(value))),
	);
}

/** What Kit answers is no matter of the fields. */
function contractProblems(request: RecordedRequest): string[] {
	return sandbox.contract.check(request).filter((one) => !isOfAnswer(one));
}

/** @returns what is wrong with what became of a value */
function complaints(
	place: Place,
	option: INodePropertyOptions,
	usual: Set<string>,
	{ odd, sent, error }: Outcome,
): string[] {
	if (!sent.some((request) => isMain(option, request))) {
		if (isOwn(odd, place) && sent.length === 0)
			return [`the working value is refused: ${error ?? ''}`];
		// What Kit has already is looked for, and not sent again.
		const isThere = option.value === 'upsert' && sent.length > 0;
		if (error === undefined) return isThere ? [] : ['nothing was sent and nothing was said'];
		// Who or what is looked up and not found is not named by the field.
		const isNamed = sent.length > 0 || place.labels.some((label) => error.includes(label));
		return isNamed ? [] : [`refused without the name of the field: ${error}`];
	}
	const leaves = sent.flatMap(leavesOf);
	const arrived = leaves.filter(
		([path, value]) =>
			!/per_page$|include_total_count$/.test(path) && !usual.has(JSON.stringify(value)),
	);
	const isUpdate = option.value === 'update';
	return [
		...sent.filter(({ path }) => !PATH.test(path)).map(({ path }) => `sent to ${path}`),
		...(isUpdate && sent.some(({ body }) => isDeepStrictEqual(body, {}))
			? ['an update of nothing']
			: []),
		...leaves.flatMap((leaf) => complaintsAbout(leaf, place.clears)),
		...complaintsByType(place, odd, arrived),
		...sent.flatMap(contractProblems),
	];
}

function valuesFor({ own, isShared, mode }: Place, way: Way): Odd[] {
	const isElsewhere = isShared || mode === 'list' || mode === '' || way === 'declarative';
	return [...(own === undefined ? [] : [{ odd: own }]), ...(isElsewhere ? SHORT_TABLE : TABLE)];
}

/** n8n's declarative engine starts all items at once, so there each of them is a run of its own. */
async function outcomesOf(place: Place, prepared: IDataObject[], way: Way): Promise<Outcome[]> {
	const values = valuesFor(place, way);
	if (way === 'customOperations') return await runEach(place, values, prepared, way);
	const outcomes: Outcome[] = [];
	for (const value of values) outcomes.push(...(await runEach(place, [value], prepared, way)));
	return outcomes;
}

async function complaintsOf({ resource, option }: DescribedOperation, way: Way): Promise<string[]> {
	const name = `${resource}.${String(option.value)}`;
	const known = await findKnown(sandbox.ask);
	const cases = Object.entries(CASES)
		.filter(([key]) => key.split(' ')[0] === name)
		.map(([, make]) => make(known));
	const prepared = await prepare(cases.find(({ before }) => before)?.before, sandbox.current);
	const parameters = cases.map((one) => one.parameters ?? {});
	const places = await describedPlaces({ resource, option }, parameters);
	const found: string[] = [];
	for (const place of places) {
		sandbox.current.log.length = 0;
		const outcomes = await outcomesOf(place, prepared, way);
		const usual = usualValues(option, place, outcomes);
		for (const outcome of outcomes) {
			for (const one of new Set(complaints(place, option, usual, outcome))) {
				found.push(`${place.name}, ${nameOf(outcome.odd)}: ${one}`);
			}
		}
	}
	sandbox.current.log.length = 0;
	return found;
}

async function operationNamed(name: string): Promise<DescribedOperation> {
	const all = await describedOperations();
	const found = all.find(({ resource, option }) => `${resource}.${String(option.value)}` === name);
	if (!found) throw new Error(`There is no operation ${name}`);
	return found;
}

const NAMES = [...new Set(Object.keys(CASES).map((key) => key.split(' ')[0] ?? ''))];

/** What has many fields gets many values. */
const TIMEOUT_MS = 120_000;

test.each(NAMES)(
	'%s sends only what Kit takes, or refuses by name',
	async (name) => {
		expect(await complaintsOf(await operationNamed(name), 'customOperations')).toEqual([]);
	},
	TIMEOUT_MS,
);

test('no operation is left out', async () => {
	expect([...NAMES].sort()).toEqual((await operationsOf()).sort());
});

/** One for each kind of operation; all of them come by their requests in the same way. */
const DECLARATIVE = ['subscriber.create', 'tag.addToSubscribers', 'form.getAll', 'snippet.update'];

test.each(DECLARATIVE)(
	'%s does so too on n8n’s declarative engine',
	async (name) => {
		expect(await complaintsOf(await operationNamed(name), 'declarative')).toEqual([]);
	},
	TIMEOUT_MS,
);
