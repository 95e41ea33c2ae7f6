import { z } from 'zod/v4';

const isOn = z.boolean().default(false);
const amount = (usual: number) => z.number().min(0).default(usual);

/** What can be changed while the sandbox runs. */
export const SETTINGS = z.strictObject({
	/** Answer 429 above Maton's 10 requests a second and Kit's 600 a minute; false by default. */
	enforceRateLimit: isOn,
	/** Let webhook endpoints be on this machine, which Kit refuses; false by default. */
	allowLoopbackWebhooks: isOn,
	/** What a second of Kit's waits before retries is here, in seconds; 0.001 by default. */
	retryScale: amount(1 / 1000),
	/** For how many milliseconds events of one type are collected for one delivery; 50 by default. */
	batchWindowMs: amount(50),
	/** How many milliseconds every answer takes; 0 by default. */
	latencyMs: amount(0),
	/**
	 * For how many milliseconds of the sandbox's time a write does not show in lists, filters, reports and
	 * lookups by email address, as with Kit (30 s in the middle, up to 5 minutes); 0 by default. Only
	 * writes that come while it is above 0 lag.
	 */
	lagMs: amount(0),
	/** Let lists of webhooks and of webhook endpoints lag as well, which Kit's clients saw current; false by default. */
	laggingWebhookLists: isOn,
	/** Answer `{"errors": [["sentence"]]}` about sequences, as Kit may; false by default. */
	nestedErrors: isOn,
	/** Answer 404 to `DELETE /tags/{id}`, which Maton documents and Kit does not; false by default. */
	noTagDelete: isOn,
});

export type SandboxSettings = z.infer<typeof SETTINGS>;
