import type { IDataObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { addSubscriber, rememberSubscriber } from '../../shared/subscribers';
import { orApiError } from '../bulk/sendEntries';
import type { Item, Returns } from './operation';
import { readRecord, returning } from './returns';

/** What the settings name that a subscriber is added to once they are saved. */
interface AddTo {
	tags?: number[];
	formId?: number;
	sequenceId?: number;
}

/**
 * The subscriber whom a request saved, who can be found by the address it gave from then on; with the tags
 * that they were given, and the form and the sequence that they were added to.
 */
export function savedSubscriber(): Returns {
	return returning(async (item) => {
		const subscriber = await readRecord(item, 'subscriber');
		const isGiven = item.request.body?.email_address !== undefined;
		if (isGiven) await rememberSubscriber(item.client, subscriber);
		return [{ ...subscriber, ...(await addTo(item, subscriber)) }];
	});
}

/** Adds a subscriber to one thing after the other, and to the others where one of them fails. */
async function addTo({ client, settings }: Item, { id }: IDataObject): Promise<IDataObject> {
	const { tags = [], formId, sequenceId } = settings as AddTo;
	const goingOn = client.with({ stop: undefined });
	const failed: { what: string; error: NodeApiError }[] = [];
	const add = async (kind: 'form' | 'sequence' | 'tag', target: number) => {
		const added = await orApiError(addSubscriber(goingOn, kind, target, id));
		if (added instanceof NodeApiError) {
			failed.push({ what: `${kind} ${String(target)}`, error: added });
		}
	};
	for (const tag of tags) await add('tag', tag);
	if (formId !== undefined) await add('form', formId);
	if (sequenceId !== undefined) await add('sequence', sequenceId);
	const [first] = failed;
	if (!first) {
		return {
			...(tags.length > 0 && { tag_ids: tags }),
			...(formId !== undefined && { form_id: formId }),
			...(sequenceId !== undefined && { sequence_id: sequenceId }),
		};
	}
	const reasons = failed.map(({ what, error }) => `${what}: ${error.message}`);
	first.error.message = ['The subscriber was saved, but not everything', ...reasons].join('; ');
	throw first.error;
}
