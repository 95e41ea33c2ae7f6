import { UserError } from 'n8n-workflow';
import { usingFieldsOrJson } from '../../shared/fields/collections';
import type { CollectionField, RowsField, ValueField } from '../../shared/fields/field';
import { purchaseId } from '../../shared/fields/locators';
import type { ParseContext } from '../../shared/fields/parsers';
import { currency, email, isMissing, jsonObject, number } from '../../shared/fields/parsers';
import type { KitRequest } from '../../shared/transport/client';
import type { Resource, Settings } from '../operation/operation';
import { outputOf } from '../operation/output';
import { list, record } from '../operation/returns';

const specifyPurchase = usingFieldsOrJson('Specify Purchase', 'specifyPurchase');

const usingFields = { show: { specifyPurchase: ['fields'] } };

function buyer(value: unknown, context: ParseContext): string | undefined {
	try {
		return email(value, context);
	} catch (error) {
		throw wrongBuyer(error as Error);
	}
}

function wrongBuyer({ message }: Error): UserError {
	return new UserError(`has an email_address that ${message}`);
}

const purchaseJson: ValueField = {
	displayName: 'Purchase (JSON)',
	name: 'purchaseJson',
	type: 'json',
	default: '{}',
	required: true,
	description: 'The purchase as Kit’s API takes it',
	displayOptions: { show: { specifyPurchase: ['json'] } },
	target: 'body.purchase',
	parse: (value, context) => {
		const purchase = jsonObject(value, context);
		if (!purchase || isMissing(purchase.email_address)) {
			throw new UserError('must have an email_address');
		}
		return { ...purchase, email_address: buyer(purchase.email_address, context) };
	},
};

const emailAddress: ValueField = {
	displayName: 'Email Address',
	name: 'emailAddress',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. reader@example.com',
	description: 'Who bought',
	displayOptions: usingFields,
	target: 'body.purchase.email_address',
	parse: email,
};

const transactionId: ValueField = {
	displayName: 'Transaction ID',
	name: 'transactionId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 796-92-4892',
	description: 'What your shop calls this purchase. Each purchase has its own.',
	displayOptions: usingFields,
	target: 'body.purchase.transaction_id',
};

/** In the order in which an invoice has them. */
const productFields: ValueField[] = [
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		required: true,
		default: '',
	},
	{
		displayName: 'Product ID',
		name: 'productId',
		type: 'string',
		required: true,
		default: '',
		description: 'What your shop calls this product. Variants of it have the same.',
	},
	{
		displayName: 'Line Item ID',
		name: 'lineItemId',
		type: 'string',
		required: true,
		default: '',
		description: 'What your shop calls this line. Each line of the purchase has its own.',
	},
	{
		displayName: 'Quantity',
		name: 'quantity',
		type: 'number',
		required: true,
		default: 1,
		parse: number({ min: 0, decimals: false }),
	},
	{
		displayName: 'Unit Price',
		name: 'unitPrice',
		type: 'number',
		typeOptions: { numberPrecision: 2 },
		required: true,
		default: 0,
	},
	{
		displayName: 'SKU',
		name: 'sku',
		type: 'string',
		default: '',
		mayBeEmpty: true,
	},
];

const products: RowsField = {
	displayName: 'Products',
	name: 'products',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Product',
	default: { product: [{}] },
	required: true,
	description: 'What was bought',
	displayOptions: usingFields,
	options: [
		{
			displayName: 'Product',
			name: 'product',
			values: productFields,
		},
	],
	target: 'body.purchase.products',
	combine: (rows) => {
		if (rows.length === 0) throw new UserError('must have at least one product');
		return rows.map(({ name, productId, lineItemId, quantity, unitPrice, sku = '' }) => ({
			name,
			pid: productId,
			lid: lineItemId,
			quantity,
			unit_price: unitPrice,
			// Kit's document requires it, and what has none has nothing in it.
			sku,
		}));
	},
};

function amount(displayName: string, name: string): ValueField {
	return {
		displayName,
		name,
		type: 'number',
		typeOptions: { numberPrecision: 2 },
		default: 0,
		target: `body.purchase.${name}`,
	};
}

const details: CollectionField = {
	displayName: 'Details',
	name: 'details',
	type: 'collection',
	placeholder: 'Add Detail',
	default: {
		status: 'paid',
		currency: 'USD',
		transactionTime: '={{ $now.toISO() }}',
		subtotal: 0,
		tax: 0,
		shipping: 0,
		discount: 0,
		total: 0,
	},
	displayOptions: usingFields,
	options: [
		{
			displayName: 'Currency',
			name: 'currency',
			type: 'string',
			default: 'USD',
			description: 'Three letters (ISO 4217)',
			target: 'body.purchase.currency',
			parse: currency,
		},
		amount('Discount', 'discount'),
		amount('Shipping', 'shipping'),
		{
			displayName: 'Status',
			name: 'status',
			type: 'string',
			default: 'paid',
			description: 'What your shop calls the state of the purchase',
			target: 'body.purchase.status',
		},
		amount('Subtotal', 'subtotal'),
		amount('Tax', 'tax'),
		amount('Total', 'total'),
		{
			displayName: 'Transaction Time',
			name: 'transactionTime',
			type: 'dateTime',
			default: '',
			description: 'When it was bought. A time without a zone is in that of the workflow.',
			target: 'body.purchase.transaction_time',
		},
	],
};

/** What Kit's document requires of a purchase, all amounts included, by what people read. */
const NEEDED = {
	status: 'Status',
	currency: 'Currency',
	transaction_time: 'Transaction Time',
	subtotal: 'Subtotal',
	tax: 'Tax',
	shipping: 'Shipping',
	discount: 'Discount',
	total: 'Total',
};

function requireDetails({ body = {} }: KitRequest, { specifyPurchase: by }: Settings): void {
	// A purchase as JSON is as its author wants it.
	if (by === 'json') return;
	const purchase = body.purchase as Record<string, unknown>;
	const missing = Object.entries(NEEDED)
		.filter(([name]) => purchase[name] === undefined)
		.map(([, label]) => label);
	if (missing.length > 0) throw new UserError(`Details must have ${missing.join(', ')}`);
}

export const purchase: Resource = {
	name: 'Purchase',
	value: 'purchase',
	operations: {
		create: {
			name: 'Create',
			action: 'Create a purchase',
			description:
				'Record what a subscriber bought elsewhere. Products that Kit does not know are created.',
			request: 'POST /purchases',
			idempotent: false,
			fields: [specifyPurchase, purchaseJson, emailAddress, transactionId, products, details],
			check: requireDetails,
			returns: outputOf('purchase', record('purchase')),
		},
		get: {
			name: 'Get',
			action: 'Get a purchase',
			description: 'Retrieve a purchase with its products',
			request: 'GET /purchases/{purchase_id}',
			fields: [purchaseId],
			returns: outputOf('purchase', record('purchase')),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many purchases',
			description: 'List the purchases of the account',
			request: 'GET /purchases',
			fields: [],
			returns: outputOf('purchase', list('purchases')),
		},
	},
};
