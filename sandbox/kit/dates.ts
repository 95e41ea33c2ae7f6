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

/** Whether moments are strictly after the one day and strictly before the other, where they are given. */
export function between(after = '', before = ''): (moment: number | null) => boolean {
	if (after === '' && before === '') return () => true;
	const [low, high] = [after && Date.parse(after), before && Date.parse(before)];
	return (moment) =>
		moment !== null && (low === '' || moment > low) && (high === '' || moment < high);
}
