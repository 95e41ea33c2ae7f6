import type { ItemContext } from '../operation/itemContext';

/**
 * @param context of the item
 * @param entered the name that was entered, if any; without it, the file is named after the day
 * @param extensions what the name ends with: a format, and `gz` where it is compressed
 * @returns the file's name; an extension that was entered stays, and what is missing is added
 */
export function fileName(
	context: ItemContext,
	entered: string | undefined,
	[format = '', ...more]: string[],
): string {
	const day = new Intl.DateTimeFormat('sv-SE', { timeZone: context.getTimezone() });
	const name = entered ?? `subscribers-${day.format()}`;
	const named = /\.[a-z]\w*$/i.test(name) ? name : `${name}.${format}`;
	const missing = more.filter((extension) => !named.toLowerCase().endsWith(`.${extension}`));
	return [named, ...missing].join('.');
}
