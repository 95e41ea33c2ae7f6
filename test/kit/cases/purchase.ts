import type { Case, Cases } from './case';
import { byId } from './case';

const PURCHASE = {
	email_address: 'buyer@example.com',
	transaction_id: '796-92-4892',
	status: 'paid',
	currency: 'EUR',
	transaction_time: '2026-11-01T12:00:00.000Z',
	subtotal: 78.66,
	tax: 7.87,
	shipping: 0,
	discount: 5,
	total: 81.53,
	products: [
		{
			name: 'Phantom Hourglass',
			pid: '804-02-4430',
			lid: '811-75-7900',
			quantity: 1,
			unit_price: 23.22,
			sku: 'SM21',
		},
		{ name: 'Tip', pid: '1', lid: '2', quantity: 2, unit_price: 1.5, sku: '' },
	],
};

/** The process remembers a transaction that it saved, although the sandbox begins anew. */
let transactions = 0;

function newTransaction(): Case {
	transactions += 1;
	const transactionId = `new-${String(transactions)}`;
	return {
		operation: 'purchase.upsert',
		parameters: {
			emailAddress: 'buyer@example.com',
			transactionId,
			products: {
				product: [
					{ name: 'Mug', productId: '7', quantity: 3, unitPrice: 0.1 },
					{ name: 'Cap', productId: '8', unitPrice: 19.9 },
				],
			},
			details: {
				currency: 'EUR',
				transactionTime: '2026-11-01T12:00:00Z',
				subtotal: 20.2,
				tax: 1.5,
				shipping: 4,
				discount: 2,
				total: 23.7,
			},
		},
		expected: [
			{ request: 'GET /kit/v4/purchases', query: { per_page: '1000' } },
			{
				request: 'POST /kit/v4/purchases',
				body: {
					purchase: {
						email_address: 'buyer@example.com',
						transaction_id: transactionId,
						status: 'paid',
						currency: 'EUR',
						transaction_time: '2026-11-01T12:00:00.000Z',
						subtotal: 20.2,
						tax: 1.5,
						shipping: 4,
						discount: 2,
						total: 23.7,
						products: [
							{ name: 'Mug', pid: '7', lid: '7', quantity: 3, unit_price: 0.1, sku: '' },
							{ name: 'Cap', pid: '8', lid: '8', quantity: 1, unit_price: 19.9, sku: '' },
						],
					},
				},
			},
		],
		output: [{ transaction_id: transactionId, total: 23.7 }],
	};
}

export const purchase: Cases = {
	'purchase.create': () => ({
		operation: 'purchase.create',
		parameters: {
			emailAddress: 'buyer@example.com',
			transactionId: '796-92-4892',
			products: {
				product: [
					{
						name: 'Phantom Hourglass',
						productId: '804-02-4430',
						lineItemId: '811-75-7900',
						quantity: 1,
						unitPrice: 23.22,
						sku: 'SM21',
					},
					{ name: 'Tip', productId: '1', lineItemId: '2', quantity: 2, unitPrice: 1.5, sku: '' },
				],
			},
			details: {
				status: 'paid',
				currency: 'eur',
				transactionTime: '2026-11-01T12:00:00Z',
				subtotal: 78.66,
				tax: 7.87,
				shipping: 0,
				discount: 5,
				total: 81.53,
			},
		},
		expected: [{ request: 'POST /kit/v4/purchases', body: { purchase: PURCHASE } }],
		output: [{ transaction_id: '796-92-4892', email_address: 'buyer@example.com' }],
	}),
	'purchase.create by JSON': () => ({
		operation: 'purchase.create',
		parameters: { specifyPurchase: 'json', purchaseJson: JSON.stringify(PURCHASE) },
		expected: [{ request: 'POST /kit/v4/purchases', body: { purchase: PURCHASE } }],
		output: [{ transaction_id: '796-92-4892' }],
	}),
	'purchase.upsert': newTransaction,
	'purchase.upsert of what is there already, by JSON': () => ({
		operation: 'purchase.upsert',
		parameters: { specifyPurchase: 'json', purchaseJson: JSON.stringify(PURCHASE) },
		before: [{ request: 'POST /kit/v4/purchases', body: { purchase: PURCHASE } }],
		expected: [
			{ request: 'GET /kit/v4/purchases', query: { per_page: '1000' } },
			{ request: String.raw`GET /kit/v4/purchases/\d+` },
		],
		output: [{ transaction_id: '796-92-4892', products: PURCHASE.products }],
	}),
	'purchase.get': (known) => ({
		operation: 'purchase.get',
		parameters: { purchaseId: byId(known.purchase) },
		expected: [{ request: `GET /kit/v4/purchases/${String(known.purchase)}` }],
		output: [{ id: known.purchase }],
	}),
	'purchase.getAll': (known) => ({
		operation: 'purchase.getAll',
		parameters: { limit: 1 },
		expected: [{ request: 'GET /kit/v4/purchases', query: { per_page: '1' } }],
		output: [{ id: known.purchase }],
	}),
};
