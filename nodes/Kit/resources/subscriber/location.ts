import type { IDataObject, INodeProperties, PreSendAction } from 'n8n-workflow';
import { countryCode, numberBetween, optional } from '../../fields/checks';
import { getPath } from '../../../shared/path';
import { inBody, refusal } from '../../fields/sent';

const parts: INodeProperties[] = [
	inBody('location.city', {
		displayName: 'City',
		name: 'city',
		type: 'string',
		default: '',
		placeholder: 'e.g. Portland',
	}),
	inBody(
		'location.country_code',
		{
			displayName: 'Country Code',
			name: 'countryCode',
			type: 'string',
			default: '',
			placeholder: 'e.g. US',
			description: 'Two letters (ISO 3166-1 alpha-2)',
		},
		countryCode,
	),
	inBody(
		'location.latitude',
		{
			displayName: 'Latitude',
			name: 'latitude',
			type: 'number',
			typeOptions: { numberPrecision: 6 },
			default: 0,
			description: 'Degrees from -90 to 90',
		},
		numberBetween(-90, 90),
	),
	inBody(
		'location.longitude',
		{
			displayName: 'Longitude',
			name: 'longitude',
			type: 'number',
			typeOptions: { numberPrecision: 6 },
			default: 0,
			description: 'Degrees from -180 to 180',
		},
		numberBetween(-180, 180),
	),
	inBody('location.state_province', {
		displayName: 'State or Province',
		name: 'stateProvince',
		type: 'string',
		default: '',
		placeholder: 'e.g. Oregon',
	}),
	inBody('location.timezone', {
		displayName: 'Time Zone',
		name: 'timezone',
		type: 'string',
		default: '',
		placeholder: 'e.g. America/Los_Angeles',
		description: 'The name of the time zone in the IANA database',
	}),
];

const WIRE_NAMES = parts.map(({ routing }) => routing?.send?.property ?? '');

/** Kit replaces the whole location and takes nothing less than all six parts (Kit's documentation). */
const requireAllParts: PreSendAction = async function (request) {
	const replaces = request.method === 'PATCH';
	const given = WIRE_NAMES.map(
		(name) => optional(getPath(request.body as IDataObject, name)) !== undefined,
	);
	const missing = parts.filter((_, index) => !given[index]).map(({ displayName }) => displayName);
	if (replaces ? missing.length > 0 : missing.length === parts.length) {
		const message = replaces
			? `Location needs all its parts: ${missing.join(', ')} missing`
			: 'Location needs at least one part, such as the city';
		throw refusal(this, message);
	}
	return await Promise.resolve(request);
};

/** The parts of a subscriber's location. */
export const location: INodeProperties = {
	displayName: 'Location',
	name: 'location',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	displayOptions: {
		show: { resource: ['subscriber'], operation: ['setLocation', 'updateLocation'] },
	},
	routing: { send: { preSend: [requireAllParts] } },
	options: parts,
};
