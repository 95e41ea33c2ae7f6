import type { IDataObject, INodeProperties, PreSendAction } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import type { Check } from './checks';
import { asText, jsonObject } from './checks';
import { checked, inBody } from './sent';

/** `{ field: [{ key, value }] }`, as n8n keeps it, to `{ [key]: value }`, as Kit takes it. */
const byKey: Check = (value) => {
	const { field = [] } = (value ?? {}) as { field?: { key?: string; value?: unknown }[] };
	if (field.length === 0) return undefined;
	return Object.fromEntries(
		field.map(({ key, value: entered }) => {
			if (!key) throw new UserError('must name a custom field in every row');
			return [key, asText(entered)];
		}),
	);
};

/**
 * The custom fields of a subscriber, by label from the account's own or as JSON. A value left empty
 * empties the field.
 * @param collection the collection of the node in which these fields stand
 */
export function customFields(collection: string): INodeProperties[] {
	const addJson: PreSendAction = async function (request) {
		const value = this.getNodeParameter(`${collection}.customFieldsJson`, '');
		const fields = checked(this, 'Custom Fields (JSON)', value, jsonObject) as
			IDataObject | undefined;
		const body = request.body as IDataObject & { fields?: IDataObject };
		if (fields) body.fields = { ...body.fields, ...fields };
		return await Promise.resolve(request);
	};
	return [
		inBody(
			'fields',
			{
				displayName: 'Custom Fields',
				name: 'customFields',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true },
				placeholder: 'Add Custom Field',
				default: {},
				options: [
					{
						displayName: 'Custom Field',
						name: 'field',
						values: [
							{
								displayName: 'Field Name or ID',
								name: 'key',
								type: 'options',
								typeOptions: { loadOptionsMethod: 'getCustomFieldKeys' },
								default: '',
								description:
									'The custom field of the account, whose key is sent. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
							},
							{
								displayName: 'Value',
								name: 'value',
								type: 'string',
								default: '',
								description: 'Leave it empty to empty the field',
							},
						],
					},
				],
			},
			byKey,
		),
		{
			displayName: 'Custom Fields (JSON)',
			name: 'customFieldsJson',
			type: 'json',
			default: '',
			placeholder: 'e.g. {"last_name": "Lamarr"}',
			description: 'Values by the key of the custom field, in addition to those chosen above',
			routing: { send: { preSend: [addJson] } },
		},
	];
}
