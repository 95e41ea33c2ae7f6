import { iso } from './dates';
import { momentIn, numberIn } from './fields';
import { page } from './pages';
import { answer, arrayOf, idIn, invalid, isObject, notFound, objectOf, textOf } from './route';
import type { Answer, Call, Route } from './route';
import { byId } from './state';
import type { Product, Purchase } from './state';
import { upsert } from './subscribers';

type Sent = Readonly<Record<string, unknown>>;

/** A purchase as Kit answers it. */
export function purchaseRow(purchase: Purchase) {
	return {
		id: purchase.id,
		transaction_id: purchase.transactionId,
		subscriber_id: purchase.subscriber.id,
		status: purchase.status,
		email_address: purchase.subscriber.emailAddress,
		currency: purchase.currency,
		transaction_time: iso(purchase.transactionTime),
		subtotal: purchase.subtotal,
		discount: purchase.discount,
		tax: purchase.tax,
		total: purchase.total,
		products: purchase.products,
	};
}

/** A text that a purchase cannot do without; the sentence is that of Kit's example. */
function present(value: unknown, name: string): string {
	const text = (textOf(value) ?? '').trim();
	if (text === '') throw invalid(`${name} cannot be blank`);
	return text;
}

function productIn(value: unknown): Product {
	const sent = objectOf(value);
	return {
		quantity: numberIn(sent.quantity, 'Product quantity') ?? 1,
		lid: present(sent.lid, 'Product lid'),
		unit_price: numberIn(sent.unit_price, 'Product unit price') ?? 0,
		sku: textOf(sent.sku) ?? null,
		name: present(sent.name, 'Product name'),
		pid: present(sent.pid, 'Product pid'),
	};
}

function productsIn(sent: Sent): Product[] {
	const products = (arrayOf(sent.products) ?? []).map(productIn);
	if (products.length === 0) throw invalid('Products cannot be blank');
	if (new Set(products.map(({ lid }) => lid)).size < products.length) {
		throw invalid('Product lid must be unique');
	}
	return products;
}

/**
 * Creates a purchase, and the subscriber it belongs to where there is none with its address. By Kit's own
 * clients the wrapper `purchase` may be left out, and the products of a transaction that exists are added
 * to it.
 */
function create({ account, body }: Call): Answer {
	const sent = isObject(body.purchase) ? body.purchase : body;
	const transactionId = present(sent.transaction_id, 'Transaction');
	present(sent.email_address, 'Email address');
	const products = productsIn(sent);
	const amount = (name: string, label: string) => numberIn(sent[name], label) ?? 0;
	const about = {
		transactionId,
		status: textOf(sent.status) ?? 'paid',
		currency: textOf(sent.currency) ?? 'USD',
		transactionTime: momentIn(sent.transaction_time, 'Transaction time') ?? account.now(),
		subtotal: amount('subtotal', 'Subtotal'),
		shipping: amount('shipping', 'Shipping'),
		discount: amount('discount', 'Discount'),
		tax: amount('tax', 'Tax'),
		total: amount('total', 'Total'),
		products,
	};
	const { subscriber } = upsert(account, {
		email_address: sent.email_address,
		first_name: sent.first_name,
	});
	const existing = account.purchases.find((one) => one.transactionId === transactionId);
	if (existing) {
		existing.products.push(...products);
		return answer({ purchase: purchaseRow(existing) }, 201);
	}
	return answer({ purchase: purchaseRow(account.addPurchase({ ...about, subscriber })) }, 201);
}

function listPurchases({ account, query }: Call): Answer {
	const list = { rows: account.purchases, key: ({ id }: Purchase) => [id] };
	const { rows, pagination } = page(list, query);
	return answer({ purchases: rows.map(purchaseRow), pagination });
}

function get(call: Call): Answer {
	const purchase = byId(call.account.purchases, idIn(call));
	if (purchase === undefined) throw notFound();
	return answer({ purchase: purchaseRow(purchase) });
}

/** Kit's endpoints for purchases. */
export const purchaseRoutes: readonly Route[] = [
	{ method: 'GET', path: '/purchases', handle: listPurchases },
	{ method: 'POST', path: '/purchases', handle: create },
	{ method: 'GET', path: '/purchases/:id', handle: get },
];
