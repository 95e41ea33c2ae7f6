import type { ValueField } from '../../shared/fields/field';

/** What kind of file is made. */
export const format: ValueField = {
	displayName: 'Format',
	name: 'format',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'CSV',
			value: 'csv',
			description:
				'A table for Excel, Google Sheets and the like, with a column for each custom field',
		},
		{
			name: 'NDJSON',
			value: 'ndjson',
			description: 'One JSON object per line, as Kit sent it, for programs',
		},
	],
	default: 'csv',
};

/** Where the item has the file. */
export const binaryPropertyName: ValueField = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the output binary field to put the file in',
};

/** What else can be said of the file. */
export const fileOptions: ValueField[] = [
	{
		displayName: 'Compress (Gzip)',
		name: 'compress',
		type: 'boolean',
		default: false,
		description: 'Whether to compress the file, which makes it several times smaller',
	},
	{
		displayName: 'Delimiter',
		name: 'delimiter',
		type: 'options',
		options: [
			{ name: 'Comma', value: ',' },
			{
				name: 'Semicolon',
				value: ';',
				description: 'What Excel expects where numbers are written with a decimal comma',
			},
			{ name: 'Tab', value: '\t' },
		],
		default: ',',
		description: 'What stands between two cells of a line',
		displayOptions: { show: { '/format': ['csv'] } },
	},
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. subscribers.csv',
		description: 'Left out, the file is named after the day: subscribers-2026-01-31.csv',
	},
];
