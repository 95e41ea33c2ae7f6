import type { IDataObject } from 'n8n-workflow';
import type { Sandbox } from '../../sandbox';

/** Makes a request of one's own, which the sandbox's log does not keep, and returns the answer. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<IDataObject>;

/**
 * @param sandbox to ask
 * @returns what asks it, with the main key
 */
export function askOf({ url, keys, log }: Sandbox): Ask {
	return async function ask(method, path, body) {
		const response = await fetch(url + path, {
			method,
			headers: { Authorization: `Bearer ${keys.main}`, 'Content-Type': 'application/json' },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		log.pop();
		// What is rough on the way is for the nodes.
		if ([429, 502].includes(response.status)) return await ask(method, path, body);
		const text = await response.text();
		return text === '' ? {} : (JSON.parse(text) as IDataObject);
	};
}
