import { HAPPENINGS } from '../../../sandbox/happenings';
import type { TestSandbox } from '../../support/sandbox';

const READER = { email_address: 'reader@example.com', first_name: 'Reader' };

const PURCHASE = {
	transaction_id: 'T-1',
	email_address: READER.email_address,
	total: 10,
	products: [{ name: 'Book', pid: 'p1', lid: 'l1', unit_price: 10, quantity: 1 }],
};

/**
 * Lets a new reader do what readers do, so that a trigger is started whatever it waits for: gets
 * every tag, joins every form and sequence, buys, clicks, bounces, complains and leaves.
 * @param sandbox whose main account
 */
export async function everythingHappens(sandbox: TestSandbox): Promise<void> {
	const { current } = sandbox;
	const { subscriber } = await sandbox.ask('POST', '/kit/v4/subscribers', READER);
	const { id } = subscriber as { id: number };
	for (const group of ['tags', 'forms', 'sequences']) {
		const { [group]: rows } = await sandbox.ask('GET', `/kit/v4/${group}`);
		for (const row of rows as { id: number }[]) {
			await sandbox.ask('POST', `/kit/v4/${group}/${String(row.id)}/subscribers/${String(id)}`);
		}
	}
	await sandbox.ask('POST', '/kit/v4/purchases', { purchase: PURCHASE });
	for (const type of HAPPENINGS)
		current.raise({ type, ...(type.startsWith('subscriber') && { subscriber: id }) });
	await sandbox.ask('POST', `/kit/v4/subscribers/${String(id)}/unsubscribe`);
	await current.settled();
}
