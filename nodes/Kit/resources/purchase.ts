import { UserError } from 'n8n-workflow';
import { onlyCount, options, usingFieldsOrJson } from '../../shared/fields/collections';
import type { CollectionField, RowsField, ValueField } from '../../shared/fields/field';
import { refuseUnknownNames } from '../../shared/fields/knownNames';
import { purchaseId } from '../../shared/fields/locators';
import type { ParseContext, Parser } from '../../shared/fields/parsers';
import {
	currency,
	dateTime,
	email,
	isMissing,
	isObject,
	jsonObject,
	labelled,
	number,
	text,
	toText,
} from '../../shared/fields/parsers';
import { quoted } from '../../shared/quoted';
import type { KitRequest } from '../../shared/transport/client';
import type { Resource, Settings } from '../operation/operation';
import { outputOf } from '../operation/output';
import { createdPurchase, savedPurchase } from '../operation/purchases';
import { list, record } from '../operation/returns';

const specifyPurchase = usingFieldsOrJson('Specify Purchase', 'specifyPurchase');

const usingFields = { show: { specifyPurchase: ['fields'] } };

const money = number();
const wholeNumber = number({ min: 0, decimals: false });

/** What Kit takes of a purchase (Kit's document; `first_name` is sent by its own PHP SDK), and what reads it. */
const IN_PURCHASE: Record<string, Parser> = {
	currency,
	discount: money,
	email_address: email,
	first_name: text,
	products: (given) => given,
	shipping: money,
	status: text,
	subtotal: money,
	tax: money,
	total: money,
	transaction_id: text,
	transaction_time: dateTime,
};

const IN_PRODUCT: Record<string, Parser> = {
	lid: text,
	name: text,
	pid: text,
	quantity: wholeNumber,
	sku: text,
	unit_price: money,
};

/**
 * @param given a purchase, or a product of it
 * @param parsers for what it may have
 * @param place where it stands, such as ` in product 1`
 * @returns the same as Kit takes it: a shop's API may have texts for numbers, and numbers for IDs
 * @throws {UserError} that says what it must not have, or what is wrong with it
 */
function readKnown(
	given: Record<string, unknown>,
	parsers: Record<string, Parser>,
	context: ParseContext,
	place = '',
): Record<string, unknown> {
	refuseUnknownNames(given, Object.keys(parsers), place);
	const entries = Object.entries(given).map(([name, value]) => {
		const what = `has a value of “${name}”${place} that`;
		// What is empty is as its author wants it.
		return [name, labelled(what, () => parsers[name]?.(value, context)) ?? value] as const;
	});
	return Object.fromEntries(entries);
}

/** What Kit answers may be sent again, such as to another account, where these are others. */
const OF_ACCOUNT = ['id', 'subscriber_id'];

/** A purchase as Kit takes it, of one as Kit answers it, with null for no SKU. */
function asSent(purchase: Record<string, unknown>): Record<string, unknown> {
	const sent = Object.fromEntries(
		Object.entries(purchase).filter(([name]) => !OF_ACCOUNT.includes(name)),
	);
	if (!Array.isArray(sent.products)) return sent;
	const products = sent.products.map((product: unknown) =>
		isObject(product) && product.sku === null ? { ...product, sku: '' } : product,
	);
	return { ...sent, products };
}

function readPurchase(
	purchase: Record<string, unknown>,
	context: ParseContext,
): Record<string, unknown> {
	const read = readKnown(purchase, IN_PURCHASE, context);
	if (!Array.isArray(read.products)) return read;
	const products = read.products.map((product: unknown, index) =>
		isObject(product)
			? readKnown(product, IN_PRODUCT, context, ` in product ${String(index + 1)}`)
			: product,
	);
	return { ...read, products };
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
		const given = jsonObject(value, context);
		// Kit's document has it in an envelope.
		const inner = given?.purchase;
		if (given && isObject(inner)) refuseUnknownNames(given, ['purchase']);
		const purchase = isObject(inner) ? inner : given;
		if (!purchase || isMissing(purchase.email_address)) {
			throw new UserError('must have an email_address');
		}
		return readPurchase(asSent(purchase), context);
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
		default: '',
		mayBeEmpty: true,
		description:
			'What your shop calls this line. Each line of the purchase has its own; the product ID if left empty.',
	},
	{
		displayName: 'Quantity',
		name: 'quantity',
		type: 'number',
		required: true,
		default: 1,
		parse: wholeNumber,
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

/** @returns the ID of a line that is there twice, of which Kit would have both */
function lineTwice(lines: { lid?: unknown }[]): string | undefined {
	const ids = lines.map(({ lid }) => toText(lid));
	return ids.find((lid, index) => ids.indexOf(lid) < index);
}

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
		const sent = rows.map(
			({ name, productId, lineItemId = productId, quantity, unitPrice, sku = '' }) => ({
				name,
				pid: productId,
				lid: lineItemId,
				quantity,
				unit_price: unitPrice,
				// Kit's document requires it, and what has none has nothing in it.
				sku,
			}),
		);
		const twice = lineTwice(sent);
		if (twice === undefined) return sent;
		throw new UserError(
			`must have a Line Item ID of its own in each row; more than one has ${quoted(twice)}`,
		);
	},
};

function amount(displayName: string, name: string, description: string): ValueField {
	return {
		displayName,
		name,
		type: 'number',
		typeOptions: { numberPrecision: 2 },
		default: 0,
		description,
		target: `body.purchase.${name}`,
	};
}

const details: CollectionField = {
	displayName: 'Details',
	name: 'details',
	type: 'collection',
	placeholder: 'Add Detail',
	default: { status: 'paid', currency: 'USD', transactionTime: '={{ $now.toISO() }}' },
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
		amount('Discount', 'discount', 'What was taken off; nothing if left out'),
		amount('Shipping', 'shipping', 'What shipping cost; nothing if left out'),
		{
			displayName: 'Status',
			name: 'status',
			type: 'string',
			default: 'paid',
			description: 'What your shop calls the state of the purchase',
			target: 'body.purchase.status',
		},
		amount('Subtotal', 'subtotal', 'What the products cost; the sum of their prices if left out'),
		amount('Tax', 'tax', 'How much of it is tax; nothing if left out'),
		amount(
			'Total',
			'total',
			'What was paid; subtotal, tax and shipping less the discount if left out',
		),
		{
			displayName: 'Transaction Time',
			name: 'transactionTime',
			type: 'dateTime',
			default: '',
			description:
				'When it was bought; now if left out. A time without a zone is in that of the workflow.',
			target: 'body.purchase.transaction_time',
		},
	],
};

/** To a thousandth, the smallest part that a currency has. */
const rounded = (money: number) => Math.round(money * 1000) / 1000;

/** Kit's document requires all of a purchase's details; what follows from the others is worked out. */
function completeDetails({ body = {} }: KitRequest, { specifyPurchase: by }: Settings): void {
	// A purchase as JSON is as its author wants it.
	if (by === 'json') return;
	const purchase = body.purchase as Record<string, number | undefined> & {
		products: { quantity: number; unit_price: number }[];
		currency?: string;
	};
	if (purchase.currency === undefined) throw new UserError('Details must have a Currency');
	const { tax = 0, shipping = 0, discount = 0 } = purchase;
	const sum = purchase.products.reduce(
		(total, { quantity, unit_price: price }) => total + quantity * price,
		0,
	);
	const { subtotal = rounded(sum) } = purchase;
	const total = rounded(subtotal + tax + shipping - discount);
	const computed = { status: 'paid', transaction_time: new Date().toISOString(), total };
	body.purchase = { ...computed, subtotal, tax, shipping, discount, ...purchase };
}

/** What Kit has of a purchase is known again by these. */
function needLineItems({ body = {} }: KitRequest): void {
	const { transaction_id: transaction, products } = body.purchase as Record<string, unknown>;
	if (isMissing(transaction)) {
		throw new UserError('Purchase (JSON) must have a transaction_id, by which it is found');
	}
	if (!Array.isArray(products) || products.length === 0) {
		throw new UserError('Purchase (JSON) must have at least one product');
	}
	const nameless = products.findIndex((one) => !isObject(one) || isMissing(one.lid));
	if (nameless >= 0) {
		throw new UserError(
			`Purchase (JSON), product ${String(nameless + 1)} must have a lid, by which it is known again`,
		);
	}
	const twice = lineTwice(products as { lid: unknown }[]);
	if (twice === undefined) return;
	throw new UserError(
		`Purchase (JSON) must have a lid of its own in each product; more than one has ${quoted(twice)}`,
	);
}

const purchaseFields = [
	specifyPurchase,
	purchaseJson,
	emailAddress,
	transactionId,
	products,
	details,
];

export const purchase: Resource = {
	name: 'Purchase',
	value: 'purchase',
	operations: {
		create: {
			name: 'Create',
			action: 'Create purchase',
			description:
				'Record what a subscriber bought elsewhere. Products that Kit does not know are created; those of a transaction that exists are added to it, even if it has them.',
			request: 'POST /purchases',
			idempotent: false,
			fields: purchaseFields,
			check: completeDetails,
			returns: outputOf('purchase', createdPurchase()),
		},
		upsert: {
			name: 'Create or Update',
			action: 'Create or update purchase',
			description:
				'Record what a subscriber bought elsewhere, or add to a transaction that exists the products that it lacks. What it has stays as it is. To find it, the purchases are read, the newest first, 1,000 with each request.',
			request: 'POST /purchases',
			idempotent: false,
			fields: purchaseFields,
			check: (request, settings) => {
				completeDetails(request, settings);
				needLineItems(request);
			},
			returns: outputOf('purchase', savedPurchase()),
		},
		get: {
			name: 'Get',
			action: 'Get purchase',
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
			fields: [options(onlyCount)],
			returns: outputOf('purchase', list('purchases')),
		},
	},
};
