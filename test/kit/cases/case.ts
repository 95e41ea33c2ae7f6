import type { IDataObject, INodeParameters } from 'n8n-workflow';

/** A request that the node is expected to make. */
interface Expected {
	request: string;
	query?: IDataObject;
	body?: IDataObject;
}

/** An operation with its fields, what it is expected to send, and in part what comes out. */
export interface Case {
	operation: string;
	parameters?: INodeParameters;
	expected: Expected[];
	output: IDataObject[];
	/** Requests that bring about what has to be there first */
	before?: { request: string; body?: IDataObject }[];
}

/** Ids and addresses of what the sandbox has at the start. */
export interface Known {
	broadcast: number;
	draft: number;
	email: string;
	/** A custom field's key, and its id */
	field: string;
	fieldId: number;
	form: number;
	post: number;
	purchase: number;
	segment: number;
	sequence: number;
	sequenceEmail: number;
	blockSnippet: number;
	snippet: number;
	subscriber: number;
	tag: number;
	template: number;
}

/** The cases of a resource, made when they run, since only then it is known what is there. */
export type Cases = Record<string, (known: Known) => Case>;

export const byId = (value: unknown): INodeParameters => ({
	__rl: true,
	mode: 'id',
	value: String(value),
});

export const fromList = (value: number): INodeParameters => ({ __rl: true, mode: 'list', value });

export const byName = (value: string): INodeParameters => ({ __rl: true, mode: 'name', value });

export const byEmail = (value: string): INodeParameters => ({ __rl: true, mode: 'email', value });

/** n8n's form for custom fields, with a value for each that is named. */
export const mapped = (value: INodeParameters): INodeParameters => ({
	mappingMode: 'defineBelow',
	value,
	matchingColumns: [],
	schema: [],
});

/** The same, with the columns of the input that are called as the custom fields are. */
export const mappedByColumns: INodeParameters = {
	mappingMode: 'autoMapInputData',
	value: null,
	matchingColumns: [],
	schema: [],
};

/** So many rows of a list, each with this in it. */
export const rowsOf = (count: number, row: IDataObject): IDataObject[] =>
	Array.from({ length: count }, () => row);

export const LOCATION = {
	city: 'Portland',
	state_province: 'OR',
	country_code: 'US',
	latitude: 45.5,
	longitude: -122.6,
	timezone: 'America/Los_Angeles',
};
