import { foldName } from './foldName';

/** How many names are told that are near another one. */
const MOST_NEAR = 3;

/**
 * @param names among which it may be meant
 * @param wanted a name that nothing has
 * @returns the names that a person may have meant, the likeliest first
 */
export function nearNames(names: Iterable<string>, wanted: string): string[] {
	const folded = foldName(wanted);
	return [...names]
		.map((other) => ({ other, distance: distance(folded, foldName(other)) }))
		.filter(({ other, distance: far }) => isNear(far, Math.max(other.length, folded.length)))
		.sort((one, another) => one.distance - another.distance)
		.slice(0, MOST_NEAR)
		.map(({ other }) => other);
}

/** Two letters that are the wrong way round are two changes. */
function isNear(changes: number, length: number): boolean {
	return changes < length && changes <= Math.max(2, length / 3);
}

/** How many letters have to be put in, taken out or changed, or at least that where it is far; nothing where one name holds the other. */
function distance(one: string, other: string): number {
	if (one !== '' && other !== '' && (one.includes(other) || other.includes(one))) return 0;
	const least = Math.abs(one.length - other.length);
	if (!isNear(least, Math.max(one.length, other.length))) return least;
	let before = Array.from({ length: other.length + 1 }, (_, index) => index);
	for (const [row, letter] of Array.from(one).entries()) {
		const current = [row + 1];
		for (let column = 0; column < other.length; column++) {
			const changed = (before[column] ?? 0) + Number(letter !== other[column]);
			const put = Math.min(before[column + 1] ?? 0, current[column] ?? 0) + 1;
			current.push(Math.min(changed, put));
		}
		before = current;
	}
	return before[other.length] ?? 0;
}
