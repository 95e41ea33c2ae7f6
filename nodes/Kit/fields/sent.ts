import type {
	IDataObject,
	IExecuteSingleFunctions,
	INodeProperties,
	PreSendAction,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { Check } from './checks';
import { optional } from './checks';
import { getPath, setPath } from '../../shared/path';

/**
 * A field whose value goes into the query.
 * @param property the query parameter's name
 * @param field the field as n8n shows it
 * @param check what the value has to be
 */
export function inQuery(
	property: string,
	field: INodeProperties,
	check: Check = optional,
): INodeProperties {
	return sent('query', property, field, check);
}

/**
 * A field whose value goes into the JSON body.
 * @param property where in the body, with dots for objects inside
 * @param field the field as n8n shows it
 * @param check what the value has to be
 */
export function inBody(
	property: string,
	field: INodeProperties,
	check: Check = optional,
): INodeProperties {
	return sent('body', property, field, check);
}

/**
 * A field whose value goes into the path, or into the body of bulk operations, whose paths name nothing.
 * @param placeholder the name in braces that it replaces in the operation's `url`, or its name in the body
 * @param field the field as n8n shows it
 * @param check what the value has to be
 */
export function inPath(placeholder: string, field: INodeProperties, check: Check): INodeProperties {
	const fill: PreSendAction = async function (request) {
		const value = this.getNodeParameter(field.name, undefined, { extractValue: true });
		const right = checked(this, field.displayName, value, check);
		if (!request.url.includes(`{${placeholder}}`)) {
			setPath(request.body as IDataObject, placeholder, right);
			return await Promise.resolve(request);
		}
		const url = request.url.replace(`{${placeholder}}`, encodeURIComponent(String(right)));
		return { ...request, url };
	};
	return { ...field, routing: { send: { preSend: [fill] } } };
}

function sent(
	type: 'body' | 'query',
	property: string,
	field: INodeProperties,
	check: Check,
): INodeProperties {
	const correct: PreSendAction = async function (request) {
		const place = request[type === 'body' ? 'body' : 'qs'] as IDataObject;
		const value = getPath(place, property);
		setPath(place, property, checked(this, field.displayName, value, check));
		return await Promise.resolve(request);
	};
	return { ...field, routing: { send: { type, property, preSend: [correct] } } };
}

/**
 * Checks a value where an error can name the field and the item.
 * @param context of the item
 * @param label the field's name as a person reads it
 * @param value the field's value
 * @param check what it has to be
 * @returns what to send
 * @throws {NodeOperationError} that names the field, what would be right, and the item
 */
export function checked(
	context: IExecuteSingleFunctions,
	label: string,
	value: unknown,
	check: Check,
): unknown {
	try {
		return check(value, context.getTimezone());
	} catch (error) {
		const problem = error instanceof Error ? error.message : String(error);
		throw refusal(context, `${label} ${problem}`);
	}
}

/**
 * @param context of the item
 * @param message what is wrong, by the name of the field
 * @returns the error for an item whose request is not sent
 */
export function refusal(context: IExecuteSingleFunctions, message: string): NodeOperationError {
	return new NodeOperationError(context.getNode(), message, {
		itemIndex: context.getItemIndex(),
		description: 'Nothing was sent to Kit for this item',
	});
}
