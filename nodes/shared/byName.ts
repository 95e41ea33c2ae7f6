/**
 * Sorts what this package names itself, whatever its capitals. What people name is sorted as their language
 * wants it; but that loads tables of languages, for which n8n would wait at its start.
 */
export function byName(one: { name: string }, other: { name: string }): number {
	const [first, second] = [one.name.toLowerCase(), other.name.toLowerCase()];
	return Number(first > second) - Number(first < second);
}
