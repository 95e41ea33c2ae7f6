/**
 * Reads the format in which n8n hands out the data of an execution (the npm package `flatted`): a
 * JSON array whose first entry is the value, and in which every string inside an object or an array
 * is the index of the entry it stands for. Objects that occur twice, or within themselves, come out
 * as one object.
 * @param text the flatted text
 * @returns the value
 */
export function parseFlatted(text: string): unknown {
	const entries = JSON.parse(text) as unknown[];
	const revived = new Set<object>();

	const valueOf = (value: unknown): unknown =>
		typeof value === 'string' ? revive(entries[Number(value)]) : value;

	const revive = (entry: unknown): unknown => {
		if (typeof entry !== 'object' || entry === null || revived.has(entry)) return entry;
		revived.add(entry);
		const holder = entry as Record<string, unknown>;
		for (const [key, value] of Object.entries(holder)) holder[key] = valueOf(value);
		return holder;
	};

	return revive(entries[0]);
}
