import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { CLASSIC_EVENTS, ENDPOINT_EVENTS } from '../shared/events';
import type { CollectionField, Field, Row, ValueField } from '../shared/fields/field';
import { customFieldId, formId, optional, sequenceId, tagId } from '../shared/fields/locators';
import { parseField } from '../shared/fields/parseField';

/** A field whose value is a list of choices. */
type EventsField = ValueField & { type: 'multiOptions' };

/** The events that classic webhooks are created for. */
export const classicEvents: EventsField = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	options: CLASSIC_EVENTS.map(({ name, value }) => ({ name, value })),
	default: ['subscriber.subscriber_activate'],
	required: true,
	description: 'What starts the workflow',
};

/** The events that a signed endpoint is created for. */
export const endpointEvents: EventsField = {
	displayName: 'Events',
	name: 'endpointEvents',
	type: 'multiOptions',
	options: ENDPOINT_EVENTS,
	default: ['subscriber.created'],
	required: true,
	description: 'What starts the workflow',
};

/** What events of a signed endpoint have to be about. */
export const eventFilters: CollectionField = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	description:
		'Events about another form, tag and so on do not start the workflow. Those that have nothing to do with a filter still do.',
	// A filter that was added and gives nothing would let everything through.
	options: [customFieldId, formId, sequenceId, tagId].map((field) => ({
		...optional(field),
		neverEmpty: true,
	})),
};

/**
 * @param context of an activation or a delivery
 * @param field of the node
 * @returns its value, parsed
 * @throws {NodeOperationError} that names the field and what would be right
 */
export function fieldValue(
	context: IHookFunctions | IWebhookFunctions,
	field: EventsField,
): string[];
export function fieldValue(
	context: IHookFunctions | IWebhookFunctions,
	field: CollectionField,
): Row | undefined;
export function fieldValue(
	context: IHookFunctions | IWebhookFunctions,
	field: ValueField,
): number | string;
export function fieldValue(context: IHookFunctions | IWebhookFunctions, field: Field): unknown {
	const node = context.getNode();
	try {
		return parseField(
			field,
			context.getNodeParameter(field.name, field.default),
			node.parameters[field.name],
			{ timezone: context.getTimezone() },
		);
	} catch (error) {
		throw new NodeOperationError(node, error as Error);
	}
}
