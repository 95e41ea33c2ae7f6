import type { IDataObject } from 'n8n-workflow';
import type { Sandbox } from '../../../sandbox';
import type { Ask } from '../../support/ask';
import { askOf } from '../../support/ask';
import type { Case, Known } from './case';

/**
 * Looks up what the cases are about.
 * @param ask the sandbox, as it is at the start
 * @returns ids and addresses of what is there
 */
export async function findKnown(ask: Ask): Promise<Known> {
	const rows = async (path: string, key: string) => (await ask('GET', path))[key] as IDataObject[];
	const firstId = async (path: string, key: string) => Number((await rows(path, key))[0]?.id);
	const [someone] = await rows('/kit/v4/subscribers', 'subscribers');
	const [field] = await rows('/kit/v4/custom_fields', 'custom_fields');
	const broadcasts = await rows('/kit/v4/broadcasts', 'broadcasts');
	const ofStatus = (status: string) => Number(broadcasts.find((one) => one.status === status)?.id);
	const templates = await rows('/kit/v4/email_templates', 'email_templates');
	const inUse = await rows('/kit/v4/sequences', 'sequences');
	const ownSequence = Number(inUse.find(({ active }) => active === true)?.id);
	return {
		broadcast: ofStatus('completed'),
		draft: ofStatus('draft'),
		email: someone?.email_address as string,
		field: field?.key as string,
		fieldId: Number(field?.id),
		form: await firstId('/kit/v4/forms', 'forms'),
		post: await firstId('/kit/v4/posts', 'posts'),
		purchase: await firstId('/kit/v4/purchases', 'purchases'),
		segment: await firstId('/kit/v4/segments', 'segments'),
		sequence: ownSequence,
		sequenceEmail: await firstId(`/kit/v4/sequences/${String(ownSequence)}/emails`, 'emails'),
		blockSnippet: await firstId('/kit/v4/snippets?snippet_type=block', 'snippets'),
		snippet: await firstId('/kit/v4/snippets?snippet_type=inline', 'snippets'),
		subscriber: Number(someone?.id),
		tag: await firstId('/kit/v4/tags', 'tags'),
		template: Number(templates.find(({ category }) => category !== 'Starting point')?.id),
	};
}

/** `{endpoint}` in the path of a request is the endpoint that the first one made. */
function fill(path: string, prepared: IDataObject[]): string {
	const endpoint = prepared[0]?.webhook_endpoint as { id: number } | undefined;
	return path.replace('{endpoint}', String(endpoint?.id));
}

/**
 * Brings about what has to be there before a case.
 * @param before the requests for it
 * @param sandbox in which; each request is through when what it caused shows in lists and was delivered
 * @returns the answers, as the item on which the case runs has them
 */
export async function prepare(before: Case['before'], sandbox: Sandbox): Promise<IDataObject[]> {
	const ask = askOf(sandbox);
	const prepared: IDataObject[] = [];
	for (const { request, body } of before ?? []) {
		const [method = '', path = ''] = request.split(' ');
		prepared.push(await ask(method, fill(path, prepared), body));
		sandbox.advance(sandbox.settings.lagMs / 1000);
		await sandbox.settled();
	}
	return prepared;
}
