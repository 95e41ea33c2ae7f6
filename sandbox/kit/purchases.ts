import type { Account } from './account';
import { all, one } from './pages';
import { answer, invalid } from './route';
import type { Call, Operations } from './route';
import { without } from './rows';
import type { Row } from './rows';
import { upsert } from './subscribers';

/** What is sent of a purchase; what is not named here is answered as it came. */
interface Sent extends Readonly<Record<string, unknown>> {
	readonly transaction_id: string;
	readonly email_address: string;
	readonly first_name?: string | null;
	readonly products: readonly (Readonly<Record<string, unknown>> & { sku?: string })[];
}

/** What somebody bought. */
export interface Purchase extends Row {
	readonly transaction_id: string;
	readonly subscriber_id: number;
	readonly email_address: string;
	/** Kit does not show it. */
	readonly shipping?: unknown;
	/** Grows where the same transaction is sent again. */
	readonly products: object[];
}

/**
 * Adds a purchase, and the subscriber it belongs to where there is none with its address. By Kit's own
 * clients the products of a transaction that exists are added to it.
 */
export function addPurchase(account: Account, sent: Sent): Purchase {
	const products = sent.products.map(({ sku = null, ...product }) => ({ ...product, sku }));
	if (products.length === 0) throw invalid('Products cannot be blank');
	if (
		new Set(products.map((product): unknown => Reflect.get(product, 'lid'))).size < products.length
	) {
		throw invalid('Product lid must be unique');
	}
	const { id: subscriber_id, emailAddress: email_address } = upsert(account, sent).subscriber;
	const { transaction_id } = sent;
	const there = account.purchases.find((purchase) => purchase.transaction_id === transaction_id);
	there?.products.push(...products);
	if (there) return there;
	const about = { transaction_id, subscriber_id, email_address, products };
	const purchase = { ...without(sent, 'first_name'), ...about, id: account.nextId() };
	return account.add('purchases', purchase);
}

const purchaseRow = (purchase: Purchase) => without(purchase, 'shipping');

/** Kit's endpoints for purchases. */
export const purchaseOperations: Operations = {
	'GET /purchases': all('purchases', purchaseRow),
	'POST /purchases': ({ account, body }: Call<{ purchase: Sent }>) =>
		answer({ purchase: purchaseRow(addPurchase(account, body.purchase)) }, 201),
	'GET /purchases/{id}': one('purchases', purchaseRow),
};
