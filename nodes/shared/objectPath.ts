import type { IDataObject } from 'n8n-workflow';

/**
 * @param target where to look
 * @param path names separated by dots, such as `location.city`
 * @returns the value there, or undefined
 */
export function getPath(target: IDataObject, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((part, name) => (part as IDataObject | undefined)?.[name], target);
}

/**
 * Sets a value and the objects on the way to it. What is undefined is not sent.
 * @param target where to set it
 * @param path names separated by dots, such as `location.city`
 * @param value what to set
 */
export function setPath(target: IDataObject, path: string, value: unknown): void {
	const [name = '', ...rest] = path.split('.');
	if (rest.length > 0) {
		target[name] ??= {};
		setPath(target[name] as IDataObject, rest.join('.'), value);
	} else {
		target[name] = value as IDataObject;
	}
}
