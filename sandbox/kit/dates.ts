/** The milliseconds of a day. */
export const DAY = 86_400_000;

/** Writes a moment the way Kit's examples do: ISO 8601, UTC, whole seconds. */
export function iso(moment: number): string {
	return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}

/** Like `iso`, for a moment that may not have come. */
export function isoOrNull(moment: number | null): string | null {
	return moment === null ? null : iso(moment);
}

/** Days between which something is; days are their first moment in UTC. */
export interface Between {
	readonly after?: string | undefined;
	readonly before?: string | undefined;
}

/** Whether a moment is strictly after the one day and strictly before the other, where they are given. */
export function isBetween(moment: number, { after, before }: Between): boolean {
	return (
		(after === undefined || moment > Date.parse(after)) &&
		(before === undefined || moment < Date.parse(before))
	);
}

/** How far a time zone of the IANA is from UTC at a moment, such as `-05:00`. */
export function offsetOf(zone: string, moment: number): string {
	const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
	const name = parts.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? '';
	return name.replace('GMT', '') || '+00:00';
}
