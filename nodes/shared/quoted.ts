import { redactPatterns } from './transport/redact';

const LONGEST = 80;

/**
 * @param text that a person or an expression gave
 * @param longest how many characters of it are shown
 * @returns it in quotation marks, for a sentence: without secrets, and cut off where it is long
 */
export function quoted(text: string, longest = LONGEST): string {
	const shown = redactPatterns(text);
	return `“${shown.length > longest ? `${shown.slice(0, longest)}…` : shown}”`;
}
