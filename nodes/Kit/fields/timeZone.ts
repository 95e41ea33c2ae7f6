/**
 * @param name a time zone, by its name in the IANA database
 * @returns whether there is one of this name
 */
export function isTimeZone(name: string): boolean {
	try {
		return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
	} catch {
		return false;
	}
}

/**
 * @param wallTime a date and time as a clock on the wall shows it, `yyyy-mm-ddThh:mm[:ss]`
 * @param zone the time zone of the wall, by its name in the IANA database
 * @returns the moment in milliseconds since 1970, NaN where it is no date and time
 */
export function inTimeZone(wallTime: string, zone: string): number {
	const asUtc = Date.parse(`${wallTime.length === 10 ? `${wallTime}T00:00` : wallTime}Z`);
	if (Number.isNaN(asUtc) || !isTimeZone(zone)) return asUtc;
	const near = asUtc - offsetAt(asUtc, zone);
	return asUtc - offsetAt(near, zone);
}

/** @returns by how many milliseconds the zone's clocks are ahead of UTC at a moment */
function offsetAt(moment: number, zone: string): number {
	const format = new Intl.DateTimeFormat('sv-SE', {
		timeZone: zone,
		dateStyle: 'short',
		timeStyle: 'medium',
	});
	return (
		Date.parse(`${format.format(moment).replace(' ', 'T')}Z`) - Math.floor(moment / 1000) * 1000
	);
}
