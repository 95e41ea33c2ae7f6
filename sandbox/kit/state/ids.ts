/**
 * Finds a row by its id.
 * @param rows ascending by id
 * @param id what to look for
 */
export function byId<T extends { readonly id: number }>(
	rows: readonly T[],
	id: number,
): T | undefined {
	const index = indexOfId(rows, id);
	return index < 0 ? undefined : rows[index];
}

function indexOfId(rows: readonly { readonly id: number }[], id: number): number {
	let low = 0;
	let high = rows.length - 1;
	while (low <= high) {
		const middle = (low + high) >>> 1;
		const found = rows[middle]?.id ?? NaN;
		if (found === id) return middle;
		if (found < id) low = middle + 1;
		else high = middle - 1;
	}
	return -1;
}

/** Removes a row by its id, if it is there. */
export function removeId(rows: { readonly id: number }[], id: number): void {
	const index = indexOfId(rows, id);
	if (index >= 0) rows.splice(index, 1);
}
