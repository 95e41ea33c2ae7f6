import type { Origin } from './change';
import type { Operation } from './notation';
import { NONE } from './notation';

interface Addition extends Origin {
	readonly operations: Readonly<Record<string, Operation>>;
}

const ERRORS = { errors: ['string'] };

const PAGE = {
	'after?': 'string',
	'before?': 'string',
	'include_total_count?': 'boolean',
	'per_page?': 'integer<1..1000>',
};

const PAGINATION = {
	has_previous_page: 'boolean',
	has_next_page: 'boolean',
	start_cursor: 'string',
	end_cursor: 'string',
	per_page: 'integer',
};

/** What Kit signs and delivers. Others are planned, and refused with 422. */
const EVENT = `string(${[
	...['created', 'activated', 'unsubscribed', 'bounced', 'complained', 'subscribed_to_form'],
	...['added_to_sequence', 'sequence_completed', 'tag_added', 'tag_removed'],
	'custom_field_value_updated',
]
	.map((name) => `subscriber.${name}`)
	.concat('tag.created', 'tag.deleted', 'custom_field.created', 'custom_field.deleted')
	.concat('sequence.created', 'sequence.deleted', 'sequence.published', 'sequence.disabled')
	.concat('broadcast.created', 'broadcast.sent', 'broadcast.deleted', 'post.published')
	.join('|')})`;

const ENDPOINT_STATUS = 'string(active|disabled)';

const ENDPOINT = {
	id: 'integer',
	name: 'string',
	url: 'string',
	events: [EVENT],
	status: ENDPOINT_STATUS,
	source: 'string',
	description: 'string | null',
	created_by_app: 'string | null',
	created_at: 'string',
	previous_secret_expires_at: 'string | null',
};

const WITH_SECRET = { webhook_endpoint: { ...ENDPOINT, secret: 'string' } };

const DELIVERY_STATUS = 'string(pending|retrying|delivered|failed)';

const DELIVERY = {
	id: 'integer',
	event_type: EVENT,
	status: DELIVERY_STATUS,
	attempt_count: 'integer',
	created_at: 'string',
	completed_at: 'string | null',
};

const ENDPOINTS: Record<string, Operation> = {
	'GET /v4/webhook_endpoints': {
		query: { ...PAGE, 'status?': ENDPOINT_STATUS },
		answers: {
			200: { webhook_endpoints: [ENDPOINT], pagination: PAGINATION },
			'401 422': ERRORS,
		},
	},
	'POST /v4/webhook_endpoints': {
		body: { url: 'string', events: [EVENT], 'name?': 'string', 'description?': 'string | null' },
		answers: { 201: WITH_SECRET, '401 422': ERRORS },
	},
	'GET /v4/webhook_endpoints/{id}': {
		answers: { 200: { webhook_endpoint: ENDPOINT }, '401 404': ERRORS },
	},
	'PATCH /v4/webhook_endpoints/{id}': {
		body: {
			'#': '1',
			'name?': 'string',
			'url?': 'string',
			'description?': 'string | null',
			'status?': ENDPOINT_STATUS,
			'events?': [EVENT],
		},
		answers: { 200: { webhook_endpoint: ENDPOINT }, '401 404 422': ERRORS },
	},
	'DELETE /v4/webhook_endpoints/{id}': { answers: { 204: NONE, '401 404': ERRORS } },
	'POST /v4/webhook_endpoints/{id}/rotate_secret': {
		body: { 'force?': 'boolean' },
		answers: { 200: WITH_SECRET, '401 404 409': ERRORS },
	},
	'POST /v4/webhook_endpoints/{id}/revoke_previous_secret': {
		answers: { 200: { webhook_endpoint: ENDPOINT }, '401 404': ERRORS },
	},
};

const DELIVERIES: Record<string, Operation> = {
	'GET /v4/webhook_endpoints/{id}/deliveries': {
		query: { ...PAGE, 'status?': DELIVERY_STATUS, 'event_type?': EVENT },
		answers: { 200: { deliveries: [DELIVERY], pagination: PAGINATION }, '401 404 422': ERRORS },
	},
	'GET /v4/webhook_endpoints/{id}/deliveries/{delivery_id}': {
		query: { 'include_payload?': 'boolean' },
		answers: {
			200: {
				delivery: {
					...DELIVERY,
					'payload?': {
						delivery_id: 'integer',
						events: [{ id: 'string<uuid>', type: EVENT, created: 'string', data: { '*': 'any' } }],
					},
					attempts: [
						{
							attempted_at: 'string',
							response_status: 'integer | null',
							response_body: 'string | null',
							duration_ms: 'integer',
						},
					],
				},
			},
			'401 404': ERRORS,
		},
	},
};

const PART_OF_LOCATION = {
	city: 'string',
	state_province: 'string',
	latitude: 'number<-90..90>',
	longitude: 'number<-180..180>',
	timezone: 'string',
};

const PINNED = {
	subscriber: {
		id: 'integer',
		location: {
			city: 'string | null',
			state: 'string | null',
			country: 'string<country>',
			latitude: 'number | null',
			longitude: 'number | null',
			timezone: 'string | null',
		},
	},
};

const LOCATIONS: Record<string, Operation> = {
	'POST /v4/subscribers/{subscriber_id}/location': {
		body: {
			location: {
				country_code: 'string<country>',
				...Object.fromEntries(
					Object.entries(PART_OF_LOCATION).map(([key, type]) => [`${key}?`, type]),
				),
			},
		},
		answers: { 200: PINNED, '401 404 422': ERRORS },
	},
	'PATCH /v4/subscribers/{subscriber_id}/location': {
		body: { location: { country_code: 'string<country>', ...PART_OF_LOCATION } },
		answers: { 200: PINNED, '401 404 422': ERRORS },
	},
	'DELETE /v4/subscribers/{subscriber_id}/location': {
		answers: { 204: NONE, '401 404': ERRORS },
	},
};

/** Maton's own errors. */
const MATON_ERROR = { error: 'string' };

const CONNECTION_STATUS = 'string(ACTIVE|PENDING|FAILED)';

const CONNECTION = {
	connection_id: 'string<uuid>',
	status: CONNECTION_STATUS,
	creation_time: 'string',
	last_updated_time: 'string',
	url: 'string',
	app: 'string',
	'method?': 'string',
	metadata: { '*': 'any' },
};

const CONNECTION_ID = { connection_id: 'string<uuid>' };

const CONNECTIONS: Record<string, Operation> = {
	'GET /connections': {
		query: {
			'app?': 'string',
			'status?': CONNECTION_STATUS,
			'method?': 'string',
			'limit?': 'integer',
		},
		answers: { 200: { connections: [CONNECTION] } },
	},
	'POST /connections': {
		body: { app: 'string', 'method?': 'string' },
		answers: { '200 201': { connection: CONNECTION } },
	},
	'GET /connections/{connection_id}': {
		path: CONNECTION_ID,
		answers: { 200: { connection: CONNECTION }, 404: MATON_ERROR },
	},
	'DELETE /connections/{connection_id}': {
		path: CONNECTION_ID,
		answers: { 204: NONE, 404: MATON_ERROR },
	},
};

/** Operations that Kit's document does not have. */
export const ADDITIONS: readonly Addition[] = [
	{
		source: 'developers.kit.com/webhooks/overview',
		since: '2026-08-27',
		because: 'Kit published signed webhook endpoints after the document that the table is made of',
		operations: ENDPOINTS,
	},
	{
		source: 'developers.kit.com/webhooks/delivery-history',
		since: '2026-08-27',
		because:
			'Kit keeps what it delivered for 30 days, and of each attempt when it was, the status, the first ' +
			'part of the response body and how long it took; the keys of an attempt are guesses, and that the ' +
			'payload, for which its reference page wants include_payload=true, is the body that was posted',
		operations: DELIVERIES,
	},
	{
		source: 'developers.kit.com/api-reference/subscribers/pin-a-subscribers-location',
		since: '2026-09-01',
		because: 'pinned locations came after the document; PATCH replaces, and so wants all six parts',
		operations: LOCATIONS,
	},
	{
		source: 'Maton’s documentation of Kit',
		since: '2026-07-01',
		because: 'Kit’s own documents know only DELETE /v4/bulk/tags, but Maton lists it, with 204',
		operations: { 'DELETE /v4/tags/{id}': { answers: { 204: NONE, '401 404': ERRORS } } },
	},
	{
		source: 'Maton’s documentation of connections',
		since: '2026-09-01',
		because: 'they are Maton’s own, and in no document of Kit’s',
		operations: CONNECTIONS,
	},
];
