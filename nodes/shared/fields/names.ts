import type { ListName } from '../lists';
import type { Parser } from './parsers';
import { id, readId, text } from './parsers';

/** For fields that choose from a list of the account. */
export const NAMES_HINT = 'An expression may give names, with commas or line breaks between';

/** Something of the account that a field calls by its name, and whose id has yet to be found. */
export class NameToFind {
	constructor(
		readonly list: ListName,
		readonly name: string,
		/** Of the field, for errors */
		readonly label: string,
		/** The ID that it is where nothing is called so */
		readonly id?: number,
	) {}
}

/**
 * @param list where what is named stands
 * @returns a parser for a name
 */
export function nameIn(list: ListName): Parser<NameToFind> {
	return (value, context) => {
		const name = text(value, context);
		return name === undefined ? undefined : new NameToFind(list, name, context.label ?? '');
	};
}

/**
 * @param list where what is named stands
 * @returns a parser for an id, which is a number, or a name; text of digits may be either
 */
export function idOrName(list: ListName): Parser<NameToFind | number> {
	return (value, context) => {
		if (typeof value === 'number') return id(value, context);
		const name = text(value, context);
		return name === undefined
			? undefined
			: new NameToFind(list, name, context.label ?? '', readId(name));
	};
}
