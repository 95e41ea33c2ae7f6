/** Operations that Kit or Maton documented after the OpenAPI document, or beside it. */
export const NEWER_PATHS = [
	// Signed webhook endpoints and pinned locations came after the document.
	/^\w+ \/v4\/webhook_endpoints/,
	/^\w+ \/v4\/subscribers\/\d+\/location$/,
	// Maton's documentation of Kit has it; Kit's document knows only DELETE /v4/bulk/tags.
	/^DELETE \/v4\/tags\/\d+$/,
];

/** Kit's documentation of expansions: subscriber counts of tags and forms, stats of sequences. */
export const UNDOCUMENTED_QUERY = ['include'];

/** What the document says and Kit does otherwise, each with where that is known from. */
const FAULTS: { problem: RegExp; because: string }[] = [
	{
		problem: /^(POST \/v4\/broadcasts|PUT \/v4\/broadcasts\/\{id\}) request: .*required property/,
		because:
			'create needs subject and content or a template, update takes any part, one group is enough',
	},
	{
		problem: /^PUT \/v4\/broadcasts\/\{id\} request: \/send_at must be string .* and is null/,
		because: 'null turns a scheduled broadcast back into a draft',
	},
	{
		problem: /^(POST|PUT) \/v4\/broadcasts\S* request: has no allow_starting_point$/,
		because: 'the document of 2026-10 has it',
	},
	{
		problem: /^PUT \/v4\/subscribers\/\{id\} request: .*'email_address'/,
		because: 'live Kit takes an update without it, by the tests of Kit’s own PHP SDK',
	},
	{
		problem: /^POST \/v4\/webhooks request: \/event must have required property/,
		because: 'only the name and the key that the event needs belong into the request',
	},
	{
		problem: /^POST \/v4\/forms\/\{form_id\}\/subscribers\/\{id\} request: .*'referrer'/,
		because: 'it is optional where the subscriber is named by email, and so by id',
	},
	{
		problem: /^POST \/v4\/purchases request: .*'sku'/,
		because: 'products that Kit answers have null for it',
	},
	{
		problem: /^POST \/v4\/subscribers\/filter request: has no (per_page|after)$/,
		because: 'it pages like every list, with the cursors in the body',
	},
	{
		problem:
			/^GET \/v4\/broadcasts\/\{broadcast_id\}\/clicks has no query parameter (per_page|after)$/,
		because: 'its text says that the clicks are paged, its parameters are missing',
	},
	{
		problem: /^PUT \/v4\/snippets\/\{id\} request: \/ must match exactly one schema in oneOf/,
		because: 'a name alone fits both kinds of snippet',
	},
	{
		problem: / answer \d+: .* and is null$/,
		because:
			'the schemas of answers are made from one example each and do not know that a value may be missing',
	},
	{
		problem: / answer \d+: .*\/fields must have required property/,
		because: 'the custom fields in the examples are not those of every account',
	},
	{
		problem:
			/ answer \d+: \/(subscribers|broadcasts)\/\d+ must have required property '(fields|content)'/,
		because: 'slim leaves them out',
	},
	{
		problem: / answer \d+: \/snippets\/\d+ must have required property '(content|document)'/,
		because: 'they come only with include_content',
	},
	{
		problem: / answer \d+: \/webhooks?(\/\d+)?\/event must have required property/,
		because: 'an event has only the key that it needs',
	},
	{
		problem: / answer \d+: \/broadcasts?(\/\d+)?\/subscriber_filter\/0/,
		because: 'a broadcast to everybody has all_subscribers, and only one group is there',
	},
];

/** @returns whether a problem is the document's and not the node's or the sandbox's */
export function isKnownFault(problem: string): boolean {
	return FAULTS.some((fault) => fault.problem.test(problem));
}
