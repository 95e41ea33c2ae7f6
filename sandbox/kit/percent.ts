/**
 * A share as Kit's example of email stats has it: in percent, two decimals, 0 of nothing.
 * @param part how many
 * @param whole of how many
 */
export function percent(part: number, whole: number): number {
	return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100;
}
