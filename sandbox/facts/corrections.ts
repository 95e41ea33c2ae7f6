import type { Condition, Correction } from './change';
import type { ShapeOfObject } from './notation';

const UTC = 'string<date-time>';
const DAY = 'string<date>';

/**
 * What the document says in words or by examples only: the formats of values, by the names that Kit has
 * for them. Filters take days, `yyyy-mm-dd`; other times are ISO 8601 in UTC.
 */
export const BY_NAME: Record<'query' | 'body', { named: RegExp; is: string }[]> = {
	query: [
		{ named: /.+_(after|before)$/, is: DAY },
		{ named: /^(starting|ending)$/, is: DAY },
		{ named: /^(after|before)$/, is: 'string' },
		{ named: /^per_page$/, is: 'integer<1..1000>' },
		{ named: /^(include_content|archived)$/, is: 'boolean' },
		{ named: /^snippet_type$/, is: 'string(inline|block)' },
		{ named: /^type$/, is: 'string(embed|hosted)' },
	],
	body: [
		{ named: /_(at|time)$/, is: UTC },
		{ named: /^last_(sent|opened|clicked)$/, is: UTC },
		// Growth is counted in days of the account's own time zone.
		{ named: /^(starting|ending)$/, is: 'string<local-date-time>' },
		{ named: /^(name|subject|label|transaction_id|[pl]id)$/, is: 'string<filled>' },
		{ named: /^email_address$/, is: 'string<email>' },
		{ named: /^time_?zone$/, is: 'string<time-zone>' },
		{ named: /^target_url$/, is: 'string<url>' },
	],
};

const SDK = 'Kit’s PHP SDK, whose tests run against live Kit';
const EXAMPLES = 'the examples of Kit’s document';
const CLIENTS = 'Kit’s own clients, PHP SDK and WordPress library';
const NEWER = 'Kit’s OpenAPI document of October 2026';
const SNAPSHOT = '2026-07-01';
const OCTOBER = '2026-10-01';

/** The answers in the document are made of one example each, which need not have null where it may be. */
const ONE_EXAMPLE =
	'the document makes the answer of one example, in which it happens to have a value';

const slim: Condition = { query: 'slim', has: 'true' };
const withContent: Condition = { query: 'include_content', has: 'true' };
const withoutContent: Condition = { ...withContent, not: true };
const counted: Condition = { query: 'include_total_count', has: 'true' };
const withStats: Condition = { query: 'include', has: 'stats' };

const including = (...words: string[]) => ({ 'include?': `string<list>(${words.join('|')})` });

const LISTED_SUBSCRIBERS = [
	'GET /v4/subscribers',
	'GET /v4/tags/{tag_id}/subscribers',
	'GET /v4/forms/{form_id}/subscribers',
];

const ENGAGEMENT = ['sent', 'opens', 'clicks', 'open_rate', 'click_rate'].map(
	(name) => `engagement__${name}`,
);

const EMAILS_WITH_STATS = [
	'GET /v4/sequences',
	'GET /v4/sequences/{id}',
	'GET /v4/sequences/{sequence_id}/emails',
	'GET /v4/sequences/{sequence_id}/emails/{id}',
];

/** The events of classic webhooks, with the key that each needs. */
const CLASSIC_EVENTS: Readonly<Record<string, string[]>> = {
	'': [
		'subscriber.subscriber_activate',
		'subscriber.subscriber_unsubscribe',
		'subscriber.subscriber_bounce',
		'subscriber.subscriber_complain',
		'purchase.purchase_create',
		'custom_field.field_created',
		'custom_field.field_deleted',
	],
	form_id: ['subscriber.form_subscribe'],
	sequence_id: ['subscriber.course_subscribe', 'subscriber.course_complete'],
	initiator_value: ['subscriber.link_click'],
	product_id: ['subscriber.product_purchase'],
	tag_id: ['subscriber.tag_add', 'subscriber.tag_remove'],
	custom_field_id: ['custom_field.field_value_updated'],
};

/**
 * @param nameOf what an event is called
 * @param others what an event that needs nothing has besides
 * @returns one shape for each key that events need
 */
function classicEvents(nameOf: (event: string) => string, others: ShapeOfObject = {}) {
	return {
		'|': Object.entries(CLASSIC_EVENTS).map(([key, events]) => ({
			name: `string(${events.map(nameOf).join('|')})`,
			...(key === '' ? others : { [key]: key === 'initiator_value' ? 'string<url>' : 'integer' }),
		})),
	};
}

const BROADCAST_FILTERS = ['all', 'any', 'none'].map((group) => ({
	[group]: [{ type: 'string(segment|tag)', ids: ['integer'] }],
}));

const BROADCASTS: Correction[] = [
	{
		of: 'POST /v4/broadcasts',
		at: 'body',
		optional: [
			'content',
			'description',
			'public',
			'published_at',
			'preview_text',
			'subscriber_filter',
		],
		add: { '#any': ['content', 'email_template_id'] },
		source: 'the text of POST /v4/broadcasts in Kit’s document',
		since: SNAPSHOT,
		because:
			'it asks for a subject and content at a minimum; a template may bring the content along',
	},
	{
		of: 'PUT /v4/broadcasts/{id}',
		at: 'body',
		optional: 'all',
		add: { '#': '1' },
		source: 'the text of PUT /v4/broadcasts/{id} in Kit’s document',
		since: SNAPSHOT,
		because: 'it continues a draft, and keeps what it is not given',
	},
	{
		of: 'PUT /v4/broadcasts/{id}',
		at: 'body',
		nullable: ['send_at'],
		source: 'the text of POST /v4/broadcasts in Kit’s document',
		since: SNAPSHOT,
		because: 'null turns a scheduled broadcast back into a draft',
	},
	{
		of: ['POST /v4/broadcasts', 'PUT /v4/broadcasts/{id}'],
		at: 'body',
		set: { subscriber_filter: [{ '|': BROADCAST_FILTERS }] },
		source: 'the text of subscriber_filter in Kit’s document',
		since: SNAPSHOT,
		because: 'one group at a time is all that Kit takes, and a filter by nothing is none',
	},
	{
		of: ['POST /v4/broadcasts', 'PUT /v4/broadcasts/{id}'],
		at: 'body',
		add: { 'allow_starting_point?': 'boolean' },
		source: 'several clients of Kit, which send it',
		since: OCTOBER,
		because: 'content together with a template of the kind "Starting point" needs it',
	},
	{
		of: [
			'GET /v4/broadcasts',
			'POST /v4/broadcasts',
			'GET /v4/broadcasts/{id}',
			'PUT /v4/broadcasts/{id}',
		],
		at: ['answers.broadcasts[]', 'answers.broadcast'],
		set: {
			subscriber_filter: [
				{
					'|': [{ all: [{ type: 'string(all_subscribers)' }] }, ...BROADCAST_FILTERS],
				},
			],
		},
		source: EXAMPLES,
		since: SNAPSHOT,
		because:
			'a broadcast to everybody has all_subscribers, and another only the group that it was given',
	},
	{
		of: 'GET /v4/broadcasts',
		at: '200.broadcasts[]',
		when: slim,
		optional: ['content', 'public_url', 'email_address', 'email_template', 'subscriber_filter'],
		source: CLIENTS,
		since: '2026-09-01',
		because: 'slim leaves them out',
	},
	{
		of: 'POST /v4/broadcasts',
		at: '201.broadcast',
		nullable: [
			'preview_text',
			'description',
			'content',
			'published_at',
			'public_url',
			'email_address',
		],
		source: 'the answers of GET /v4/broadcasts in the same document',
		since: SNAPSHOT,
		because: ONE_EXAMPLE,
	},
	{
		of: 'PUT /v4/broadcasts/{id}',
		at: '200.broadcast',
		nullable: [
			'preview_text',
			'description',
			'content',
			'published_at',
			'send_at',
			'public_url',
			'email_address',
		],
		source: 'the answers of GET /v4/broadcasts in the same document',
		since: SNAPSHOT,
		because: ONE_EXAMPLE,
	},
	{
		of: 'GET /v4/broadcasts/{broadcast_id}/clicks',
		at: 'query',
		add: {
			'after?': 'string',
			'before?': 'string',
			'include_total_count?': 'boolean',
			'per_page?': 'integer<1..1000>',
		},
		source: 'the pagination of its answer in Kit’s document',
		since: SNAPSHOT,
		because: 'clicks are paged like every list, and only their parameters are missing',
	},
	{
		of: 'GET /v4/broadcasts/{id}',
		at: 'query',
		is: {},
		source: 'Kit’s document itself, which says nothing about it',
		since: SNAPSHOT,
		because: 'a parameter of the name [] is a slip',
	},
];

const SUBSCRIBERS: Correction[] = [
	{
		of: 'PUT /v4/subscribers/{id}',
		at: 'body',
		optional: ['email_address'],
		source: SDK,
		since: '2026-09-01',
		because: 'live Kit takes an update without it, and answers an empty one with the subscriber',
	},
	{
		of: LISTED_SUBSCRIBERS,
		at: '200.subscribers[]',
		when: slim,
		optional: ['fields'],
		source: 'the text of slim in Kit’s document',
		since: SNAPSHOT,
		because: 'slim leaves them out',
	},
	{
		of: 'GET /v4/subscribers',
		at: 'query',
		set: {
			include: 'string<list>(attribution|tags|location|canceled_at)',
			sort_field: `string(${['id', 'updated_at', 'cancelled_at', 'created_at', ...ENGAGEMENT].join('|')})`,
		},
		source: 'the text of include in Kit’s document, and its document of October 2026',
		since: OCTOBER,
		because: 'the document has their words in texts, or not yet',
	},
	{
		of: 'GET /v4/subscribers/{id}',
		at: '200.subscriber',
		add: {
			'location?': {
				city: 'string | null',
				state: 'string | null',
				country: 'string | null',
				latitude: 'number | null',
				longitude: 'number | null',
				timezone: 'string | null',
			},
		},
		source: 'developers.kit.com/api-reference/subscribers/pin-a-subscribers-location',
		since: '2026-09-01',
		because: 'pinned locations came after the document',
	},
	{
		of: 'POST /v4/subscribers/filter',
		at: 'body',
		add: {
			'after?': 'string',
			'before?': 'string',
			'per_page?': 'integer<1..1000>',
			'include_total_count?': 'boolean',
		},
		source: CLIENTS,
		since: SNAPSHOT,
		because: 'it pages like every list, with the cursors in the body',
	},
	{
		of: 'POST /v4/subscribers/filter',
		at: 'body',
		add: {
			'sort_field?': `string(${['id', 'first_name', 'email_address', 'created_at', ...ENGAGEMENT, 'location__distance'].join('|')})`,
			'sort_order?': 'string(asc|desc)',
		},
		source: NEWER,
		since: OCTOBER,
		because: 'the document is older',
	},
	{
		of: 'POST /v4/subscribers/filter',
		at: 'body.all[].any[]',
		or: {
			type: 'string(kit_source)',
			'source_type?': 'string',
			'source_ids?': ['integer'],
			'source_names?': ['string'],
			'mechanism?': 'string',
			'mechanism_ids?': ['integer'],
		},
		source: NEWER,
		since: OCTOBER,
		because:
			'the document is older; it is one of the alternatives of the condition about attribution',
	},
	{
		of: 'GET /v4/subscribers/{subscriber_id}/stats',
		at: '200.subscriber.stats',
		nullable: ['last_sent', 'last_opened', 'last_clicked'],
		source: 'the same stats of POST /v4/subscribers/filter',
		since: SNAPSHOT,
		because: ONE_EXAMPLE,
	},
	{
		of: 'GET /v4/subscribers/{subscriber_id}/stats',
		at: '404',
		is: { errors: ['string'] },
		source: 'the other operations about one subscriber',
		since: SNAPSHOT,
		because: 'a subscriber who does not exist has none, and Kit answers 404 for every unknown id',
	},
];

const ADDITIONS_TO_FORMS = [
	'GET /v4/forms/{form_id}/subscribers',
	'POST /v4/forms/{form_id}/subscribers',
	'POST /v4/forms/{form_id}/subscribers/{id}',
	'POST /v4/bulk/forms/subscribers',
];

const FORMS: Correction[] = [
	{
		of: ADDITIONS_TO_FORMS,
		at: ['answers.subscriber', 'answers.subscribers[]'],
		nullable: ['referrer'],
		source: 'the referrer in the bodies of the same operations',
		since: SNAPSHOT,
		because: 'whoever was added without one has none',
	},
	{
		of: ADDITIONS_TO_FORMS,
		at: [
			'answers.subscriber.referrer_utm_parameters',
			'answers.subscribers[].referrer_utm_parameters',
		],
		nullable: ['source', 'medium', 'campaign', 'term', 'content'],
		source: 'the same parameters in the attribution of GET /v4/subscribers',
		since: SNAPSHOT,
		because: 'they are read off the referrer, which need not have them',
	},
	{
		of: 'POST /v4/bulk/forms/subscribers',
		at: '200.failures[].subscription',
		nullable: ['referrer'],
		source: 'the referrer in the body of the same operation',
		since: SNAPSHOT,
		because: 'a failure names its entry, which need not have one',
	},
	{
		of: 'POST /v4/forms/{form_id}/subscribers/{id}',
		at: 'body',
		optional: ['referrer'],
		source: SDK,
		since: SNAPSHOT,
		because: 'it is optional where the subscriber is named by email, and so by id',
	},
];

const BULK: Correction[] = [
	{
		of: 'DELETE /v4/bulk/tags/subscribers',
		at: 'body',
		is: {
			taggings: [{ tag_id: 'integer | null', subscriber_id: 'integer | null' }],
			'callback_url?': 'string | null',
		},
		source: 'the body of POST /v4/bulk/tags/subscribers',
		since: SNAPSHOT,
		because: 'it has to say which taggings, and the document leaves the body out',
	},
	{
		of: 'POST /v4/bulk/custom_fields/subscribers',
		at: 'body',
		optional: ['callback_url'],
		source: 'the other bulk operations',
		since: SNAPSHOT,
		because: 'nobody needs to be called back',
	},
	{
		of: ['POST /v4/bulk/tags/subscribers', 'POST /v4/bulk/forms/subscribers'],
		at: '200.subscribers[]',
		nullable: ['first_name'],
		source: 'the other answers with subscribers',
		since: SNAPSHOT,
		because: ONE_EXAMPLE,
	},
	{
		of: 'POST /v4/bulk/subscribers',
		at: '200.failures[].subscriber',
		nullable: ['first_name'],
		source: 'the subscribers of the same answer',
		since: SNAPSHOT,
		because: ONE_EXAMPLE,
	},
	{
		of: 'DELETE /v4/tags/{tag_id}/subscribers',
		at: 'body',
		is: { email_address: 'string' },
		source: 'the title of the operation in Kit’s document',
		since: SNAPSHOT,
		because: 'it has to say whom, and the document forgets it',
	},
];

const EMAILS_AND_SNIPPETS: Correction[] = [
	{
		of: [
			'POST /v4/sequences',
			'GET /v4/sequences/{id}',
			'PUT /v4/sequences/{id}',
			'POST /v4/sequences/{sequence_id}/emails',
			'PUT /v4/sequences/{sequence_id}/emails/{id}',
			'POST /v4/sequences/{sequence_id}/subscribers',
			'POST /v4/sequences/{sequence_id}/subscribers/{id}',
		],
		at: ['404', '422'],
		set: { errors: [{ '|': ['string', ['string']] }] },
		source: CLIENTS,
		since: '2026-09-01',
		because: 'the sentences of errors about sequences may come in a list of their own',
	},
	{
		of: EMAILS_WITH_STATS,
		at: 'query',
		add: including('stats'),
		source: 'Kit’s documentation of expansions',
		since: '2026-08-27',
		because: 'the expansion came after the document',
	},
	{
		of: EMAILS_WITH_STATS,
		at: ['200.sequences[]', '200.sequence', '200.emails[]', '200.email'],
		when: withStats,
		add: { stats: { '*': 'any' } },
		source: 'Kit’s documentation of expansions',
		since: '2026-08-27',
		because: 'the expansion came after the document, and its keys are written nowhere',
	},
	{
		of: ['GET /v4/tags', 'GET /v4/forms'],
		at: 'query',
		add: including('subscriber_count'),
		source: 'subscriber_count in the answer of Kit’s document',
		since: SNAPSHOT,
		because: 'the document has what it brings and not how to ask for it',
	},
	{
		of: 'GET /v4/sequences/{sequence_id}/emails',
		at: '200.emails[]',
		when: withContent,
		add: { content: 'string | null' },
		source: 'the text of include_content in Kit’s document',
		since: SNAPSHOT,
		because: 'it brings the content along',
	},
	{
		of: 'GET /v4/posts',
		at: '200.posts[]',
		when: withContent,
		add: { content: 'string | null' },
		source: 'the text of include_content in Kit’s document',
		since: SNAPSHOT,
		because: 'it brings the content along',
	},
	{
		of: 'GET /v4/posts/{id}',
		at: '200.post',
		nullable: ['slug', 'published_at', 'public_url'],
		source: 'the rows of GET /v4/posts',
		since: SNAPSHOT,
		because: ONE_EXAMPLE,
	},
	{
		of: ['POST /v4/sequences', 'PUT /v4/sequences/{id}'],
		at: 'answers.sequence',
		nullable: ['email_address', 'email_template_id'],
		source: 'the example of GET /v4/sequences/{id}',
		since: SNAPSHOT,
		because: ONE_EXAMPLE,
	},
	{
		of: [
			'GET /v4/sequences/{sequence_id}/emails',
			'GET /v4/sequences/{sequence_id}/emails/{id}',
			'PUT /v4/sequences/{sequence_id}/emails/{id}',
		],
		at: ['200.emails[]', '200.email'],
		nullable: ['preview_text'],
		source: 'the example of POST /v4/sequences/{sequence_id}/emails',
		since: SNAPSHOT,
		because: ONE_EXAMPLE,
	},
	{
		of: 'GET /v4/sequences/{sequence_id}/emails/{id}',
		at: '200.email',
		nullable: ['content'],
		source: 'the answers of POST and PUT in the same document',
		since: SNAPSHOT,
		because: ONE_EXAMPLE,
	},
	{
		of: ['GET /v4/snippets', 'GET /v4/snippets/{id}', 'PUT /v4/snippets/{id}'],
		at: ['200.snippets[].document', '200.snippet.document'],
		nullable: ['value_html'],
		source: 'the example of POST /v4/snippets',
		since: SNAPSHOT,
		because: 'a snippet of the kind "inline" has no HTML',
	},
	{
		of: 'GET /v4/snippets',
		at: '200.snippets[]',
		when: withoutContent,
		optional: ['content', 'document'],
		source: 'the text of include_content in Kit’s document',
		since: SNAPSHOT,
		because: 'they come only with include_content',
	},
];

const WEEKDAYS = 'monday tuesday wednesday thursday friday saturday sunday'.replaceAll(' ', '|');

/** What the document tells of values in its sentences only, or not at all. */
const VALUES: Correction[] = [
	{
		of: ['POST /v4/sequences', 'PUT /v4/sequences/{id}'],
		at: 'body',
		set: {
			send_days: [`string(${WEEKDAYS})`],
			send_hour: 'integer<0..23>',
			exclude_subscriber_sources: [{ type: 'string(tag|sequence|form|segment)', ids: ['integer'] }],
		},
		source: 'the text and the examples of POST /v4/sequences in Kit’s document',
		since: SNAPSHOT,
		because: 'Kit refuses other hours, days and sources, and the document says so in words',
	},
	{
		of: ['POST /v4/sequences/{sequence_id}/emails', 'PUT /v4/sequences/{sequence_id}/emails/{id}'],
		at: 'body',
		set: {
			delay_value: 'integer<0..>',
			position: 'integer<0..> | null',
			send_days: { '|': [[`string(${WEEKDAYS})`], 'null'] },
		},
		source: 'the text of POST /v4/sequences/{sequence_id}/emails in Kit’s document',
		since: SNAPSHOT,
		because: 'delays and positions are not negative, and the document says so in words',
	},
	{
		of: 'PUT /v4/account/colors',
		at: 'body',
		set: { colors: ['string<color>'] },
		source: EXAMPLES,
		since: SNAPSHOT,
		because: 'one of its examples is the error about a color that is none',
	},
	{
		of: 'GET /v4/subscribers',
		at: 'query',
		set: { email_address: 'string<emails>' },
		source: SDK,
		since: '2026-09-01',
		because: 'live Kit refuses a malformed address; that it takes several is not certain',
	},
];

const OTHERS: Correction[] = [
	{
		of: '*',
		at: '200.pagination',
		nullable: ['start_cursor', 'end_cursor'],
		source:
			'two typed clients of API v4, one of every operation and one that lists, by other authors',
		since: '2026-11-29',
		because: 'a list of nothing has no first and no last row',
	},
	{
		of: '*',
		at: '200.pagination',
		when: counted,
		add: { total_count: 'integer' },
		source: 'the text of include_total_count in Kit’s document',
		since: SNAPSHOT,
		because: 'it is what the parameter asks for',
	},
	{
		of: 'GET /v4/account',
		at: '200.account',
		add: {
			'plan?': {
				plan_type: 'string',
				interval: 'string | null',
				subscriber_limit: 'integer | null',
				on_trial: 'boolean',
				trial_lapse_date: 'string | null',
				renews_at: 'string<date-time> | null',
				cancels_at: 'string<date-time> | null',
			},
		},
		source: CLIENTS,
		since: '2026-09-01',
		because: 'it came after the document',
	},
	{
		of: 'POST /v4/purchases',
		at: 'body.purchase',
		set: { shipping: 'number' },
		source: SDK,
		since: SNAPSHOT,
		because: 'an amount of money has decimals, as the others of the purchase',
	},
	{
		of: 'POST /v4/purchases',
		at: 'body.purchase',
		add: { 'first_name?': 'string | null' },
		source: SDK,
		since: SNAPSHOT,
		because: 'whoever is new is called so, and the document leaves it out',
	},
	{
		of: 'POST /v4/purchases',
		at: '201.purchase.products[]',
		nullable: ['sku'],
		source: 'the example of GET /v4/purchases',
		since: SNAPSHOT,
		because: ONE_EXAMPLE,
	},
	{
		of: 'POST /v4/webhooks',
		at: 'body.event',
		is: classicEvents((event) => event),
		source: 'developers.kit.com/webhooks/overview',
		since: SNAPSHOT,
		because: 'an event has only its name and the key that it needs',
	},
	{
		of: ['GET /v4/webhooks', 'POST /v4/webhooks'],
		at: ['answers.webhooks[].event', 'answers.webhook.event'],
		is: classicEvents((event) => event.slice(event.indexOf('.') + 1), { initiator_value: 'null' }),
		source: EXAMPLES,
		since: SNAPSHOT,
		because: 'the name comes back without its prefix, with the key that the event needed or none',
	},
];

/** What Kit's document says and Kit does otherwise, or says in words only, or does not know yet. */
export const CORRECTIONS: readonly Correction[] = [
	...OTHERS,
	...VALUES,
	...BROADCASTS,
	...SUBSCRIBERS,
	...FORMS,
	...BULK,
	...EMAILS_AND_SNIPPETS,
];
