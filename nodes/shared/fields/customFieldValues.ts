import { UserError } from 'n8n-workflow';
import { quoted } from '../quoted';
import { NameToFind } from './names';
import { isMissing, labelled, text } from './parsers';

/** A column of the input that is no custom field. */
export interface LeftOutColumn {
	name: string;
	value: unknown;
}

/** A value for what may be a custom field. */
interface GivenValue {
	wanted: NameToFind;
	value: unknown;
	/** What a custom field holds is text (Kit's document) */
	text: () => string;
	/** Whether it is a column of the input, which may be no custom field */
	isColumn: boolean;
}

/** Finds the key of the custom field that has a name; undefined where a column is none. */
type FindKey = (wanted: NameToFind, isColumn: boolean) => Promise<string | undefined>;

/** Values for custom fields that are called by their keys or labels, and whose keys have yet to be found. */
export class CustomFieldValues {
	private constructor(private readonly given: GivenValue[]) {}

	/**
	 * @param values by the names of their fields
	 * @param label of the field that gave them
	 * @returns them; undefined where there are none, since what is missing erases nothing
	 * @throws {UserError} that names the value that cannot be text
	 */
	static of(values: Record<string, unknown> = {}, label = ''): CustomFieldValues | undefined {
		const given = givenIn(values, label).map(([wanted, value]): GivenValue => {
			const read = textFor(wanted, value);
			return { wanted, value, text: () => read, isColumn: false };
		});
		return given.length > 0 ? new CustomFieldValues(given) : undefined;
	}

	/** @returns those of the columns that turn out to be custom fields */
	static columns(columns: Record<string, unknown>, label: string): CustomFieldValues | undefined {
		const given = givenIn(columns, label).map(([wanted, value]): GivenValue => ({
			wanted,
			value,
			text: () => labelled(label, () => textFor(wanted, value)),
			isColumn: true,
		}));
		return given.length > 0 ? new CustomFieldValues(given) : undefined;
	}

	/** @returns the fields with nothing in them */
	static emptied(names: string[], label = ''): CustomFieldValues {
		const given = names.map((name) => ({
			wanted: new NameToFind('customFields', name, label),
			value: '',
			text: () => '',
			isColumn: false,
		}));
		return new CustomFieldValues(given);
	}

	/** @returns these and others, which count where both are about the same field */
	and(others: CustomFieldValues): CustomFieldValues {
		return new CustomFieldValues([...this.given, ...others.given]);
	}

	/**
	 * @param find finds the key of each
	 * @param leaveOut told of each column that is no custom field
	 * @returns the texts by the keys of their fields
	 * @throws {UserError} that names the field and what would be right
	 */
	async byKey(
		find: FindKey,
		leaveOut: (column: LeftOutColumn) => Promise<void>,
	): Promise<Record<string, string>> {
		const texts: Record<string, string> = {};
		const sources = new Map<string, NameToFind>();
		for (const { wanted, value, text: read, isColumn } of this.given) {
			const key = await find(wanted, isColumn);
			if (key === undefined) {
				await leaveOut({ name: wanted.name, value });
				continue;
			}
			const sent = read();
			const other = sources.get(key);
			if (other?.label === wanted.label && texts[key] !== sent) {
				throw new UserError(
					`${wanted.label} has two values for one custom field: ${quoted(other.name)} and ${quoted(wanted.name)} are the same`,
				);
			}
			sources.set(key, wanted);
			texts[key] = sent;
		}
		return texts;
	}
}

function givenIn(values: Record<string, unknown>, label: string): [NameToFind, unknown][] {
	return (
		Object.entries(values)
			.filter(([, value]) => !isMissing(value))
			// The head of a table may have blanks, or the mark with which its file begins.
			.map(([name, value]) => [new NameToFind('customFields', name.trim(), label), value])
	);
}

function textFor({ name }: NameToFind, value: unknown): string {
	try {
		return text(value, { timezone: '' }) ?? '';
	} catch (error) {
		throw noText(name, error as Error);
	}
}

function noText(name: string, { message }: Error): UserError {
	return new UserError(message.replace('must be text', () => `must have text in ${quoted(name)}`));
}
