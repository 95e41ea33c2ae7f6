const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long Kit waits after each attempt, in milliseconds; after the eighth it gives up. */
const WAITS = [30 * SECOND, 2 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, 24 * HOUR] as const;

/** What `Retry-After` asks for in milliseconds, which Kit brings between a second and 24 hours. */
function asked(retryAfter: string): number | undefined {
	const wait = /^\s*\d+\s*$/.test(retryAfter)
		? Number(retryAfter) * SECOND
		: Date.parse(retryAfter) - Date.now();
	return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, SECOND), 24 * HOUR);
}

/**
 * When Kit tries a delivery again, as its documentation of retries has it.
 * @param attempts how many there were
 * @param status what the last one was answered; null for nothing
 * @param retryAfter the header of that answer
 * @returns in how many milliseconds, or undefined where it gives up
 */
export function waitAfter(
	attempts: number,
	status: number | null,
	retryAfter: string | null,
): number | undefined {
	const wait = WAITS[attempts - 1];
	if (wait === undefined || status === 410) return undefined;
	if ((status !== 429 && status !== 503) || retryAfter === null) return wait;
	return asked(retryAfter) ?? wait;
}
