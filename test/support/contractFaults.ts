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
		because: 'create needs subject and content or a template, update takes any part',
	},
	{
		problem: /^PUT \/v4\/broadcasts\/\{id\} request: \/send_at must be string/,
		because: 'null turns a scheduled broadcast back into a draft',
	},
	{
		problem: /^POST \/v4\/webhooks request: \/event must have required property/,
		because: 'only the name and the key that the event needs belong into the request',
	},
	{
		problem: /^POST \/v4\/forms\/\{form_id\}\/subscribers\/\{id\} request: .*'referrer'/,
		because: 'by email it is optional, and by id as well',
	},
	{
		problem: /^POST \/v4\/purchases request: .*'sku'/,
		because: 'products that Kit answers have null for it',
	},
	{
		problem: /answer \d+: \/pagination\/(start|end)_cursor must be string/,
		because: 'a list without rows has no cursors',
	},
	{
		problem: /answer \d+: \/subscribers?(\/\d+)?\/fields must have required property/,
		because: 'the keys are those of the account in Kit’s examples',
	},
	{
		problem: /answer \d+: \/subscribers\/\d+ must have required property 'fields'/,
		because: 'slim leaves them out',
	},
	{
		problem:
			/^GET \/v4\/subscribers\/\{subscriber_id\}\/stats answer 200: .*\/last_\w+ must be string/,
		because: 'those who never opened an email have no date for it',
	},
];

/** @returns whether a problem is the document's and not the node's or the sandbox's */
export function isKnownFault(problem: string): boolean {
	return FAULTS.some((fault) => fault.problem.test(problem));
}
