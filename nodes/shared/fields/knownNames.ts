import { UserError } from 'n8n-workflow';
import { nearNames } from '../nearNames';
import { quoted } from '../quoted';

/**
 * Refuses what would be ignored: a misspelt filter would narrow nothing, and nobody would know.
 * @param given an object of a person's own
 * @param known the names that mean something in it
 * @param place where it stands, such as ` in condition 1`; the whole field if left out
 * @throws {UserError} whose message goes on after the field's name
 */
export function refuseUnknownNames(given: object, known: readonly string[], place = ''): void {
	const unknown = Object.keys(given).find((name) => !known.includes(name));
	if (unknown === undefined) return;
	const [near] = nearNames(known, unknown);
	const hint = near === undefined ? '' : `Near it: “${near}”. `;
	throw new UserError(
		`must not have ${quoted(unknown)}${place}. ${hint}Known there: ${[...known].sort().join(', ')}`,
	);
}
