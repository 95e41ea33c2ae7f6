import { listOfAll } from './pages';
import { answer, existing, invalid } from './route';
import type { Answer, Call, Operations } from './route';
import { without } from './rows';
import type { Product, Purchase } from './rows';
import { upsert } from './subscribers';

type Sent = Omit<Purchase, 'id' | 'subscriber_id' | 'products'> & {
	readonly first_name?: string | null;
	readonly products: (Omit<Product, 'sku'> & { readonly sku?: string })[];
};

/** A purchase as Kit answers it. */
function purchaseRow(purchase: Purchase) {
	return without(purchase, 'shipping');
}

/**
 * Creates a purchase, and the subscriber it belongs to where there is none with its address. By Kit's own
 * clients the products of a transaction that exists are added to it.
 */
function create({ account, body: { purchase: sent } }: Call<{ purchase: Sent }>): Answer {
	const products = sent.products.map(({ sku = null, ...product }) => ({ ...product, sku }));
	if (products.length === 0) throw invalid('Products cannot be blank');
	if (new Set(products.map(({ lid }) => lid)).size < products.length) {
		throw invalid('Product lid must be unique');
	}
	const { subscriber } = upsert(account, sent);
	const there = account.purchases.find((one) => one.transaction_id === sent.transaction_id);
	there?.products.push(...products);
	const { id: subscriber_id, emailAddress: email_address } = subscriber;
	const about = { ...without(sent, 'first_name'), subscriber_id, email_address, products };
	return answer({ purchase: purchaseRow(there ?? account.addPurchase(about)) }, 201);
}

/** Kit's endpoints for purchases. */
export const purchaseOperations: Operations = {
	'GET /purchases': listOfAll('purchases', ({ purchases }) => purchases, purchaseRow),
	'POST /purchases': create,
	'GET /purchases/{id}': ({ account, ids }: Call) =>
		answer({ purchase: purchaseRow(existing(account.purchases, ids.id)) }),
};
