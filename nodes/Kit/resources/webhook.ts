import { onlyCount, options } from '../../shared/fields/collections';
import type { IDataObject } from 'n8n-workflow';
import { classicEvent } from '../../shared/fields/eventSubjects';
import type { ValueField } from '../../shared/fields/field';
import { webhookId } from '../../shared/fields/locators';
import { toText, url } from '../../shared/fields/parsers';
import { hideTokens } from '../../shared/transport/redact';
import type { Resource } from '../operation/operation';
import { list, record, deleted } from '../operation/returns';

const targetUrl: ValueField = {
	displayName: 'Target URL',
	name: 'targetUrl',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. https://example.com/kit',
	description: 'The address to which Kit posts',
	target: 'body.target_url',
	parse: url,
};

/** Who knows the token of a Kit Trigger could call it, so it is not shown. */
function withoutToken(row: IDataObject): IDataObject {
	return { ...row, target_url: hideTokens(toText(row.target_url)) };
}

export const webhook: Resource = {
	name: 'Webhook (Classic)',
	value: 'webhook',
	description: 'For developers. The Kit Trigger makes and deletes its own.',
	operations: {
		create: {
			name: 'Create',
			action: 'Create webhook',
			description:
				'Let Kit tell an address about an event. To start a workflow, use the Kit Trigger instead.',
			request: 'POST /webhooks',
			idempotent: false,
			fields: [targetUrl, classicEvent],
			returns: record('webhook'),
		},
		delete: {
			name: 'Delete',
			action: 'Delete webhook',
			description: 'Delete a webhook, so that Kit no longer tells its address anything',
			request: 'DELETE /webhooks/{webhook_id}',
			fields: [webhookId],
			returns: deleted('webhook'),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many webhooks',
			description: 'List the classic webhooks of the account',
			request: 'GET /webhooks',
			fields: [options(onlyCount)],
			returns: list('webhooks', { show: withoutToken }),
		},
	},
};
