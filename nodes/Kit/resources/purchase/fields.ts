import type { IDataObject, INodeProperties, PreSendAction } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import type { Check } from '../../fields/checks';
import {
	amount,
	asText,
	currency,
	email,
	jsonObject,
	moment,
	optional,
	required,
	wholeNumber,
} from '../../fields/checks';
import { inBody, refusal } from '../../fields/sent';

const show = { resource: ['purchase'], operation: ['create'] };

const byFields = { show: { ...show, specifyPurchase: ['fields'] } };

/** What Kit takes of a product, and what each has to be (Kit's document, purchases). */
const PRODUCT: { name: string; property: string; label: string; check: Check; needed: boolean }[] =
	[
		{ name: 'name', property: 'name', label: 'a name', check: asText, needed: true },
		{ name: 'productId', property: 'pid', label: 'a product ID', check: asText, needed: true },
		{ name: 'lineItemId', property: 'lid', label: 'a line item ID', check: asText, needed: true },
		{
			name: 'quantity',
			property: 'quantity',
			label: 'a quantity',
			check: wholeNumber(0),
			needed: true,
		},
		{
			name: 'unitPrice',
			property: 'unit_price',
			label: 'a unit price',
			check: amount,
			needed: true,
		},
		{ name: 'sku', property: 'sku', label: 'an SKU', check: asText, needed: false },
	];

/** `{ product: [...] }`, as n8n keeps it, to the products that Kit takes. */
const products: Check = (value) => {
	const { product = [] } = (value ?? {}) as { product?: IDataObject[] };
	if (product.length === 0) throw new UserError('must have at least one product');
	return product.map((entered, index) =>
		Object.fromEntries(
			PRODUCT.map(({ name, property, label, check, needed }) => {
				const given = optional(entered[name]);
				if (given === undefined && needed) {
					throw new UserError(`must have ${label} in row ${String(index + 1)}`);
				}
				return [property, given === undefined ? undefined : check(given)];
			}),
		),
	);
};

const REQUIRED_DETAILS = {
	status: 'Status',
	currency: 'Currency',
	transaction_time: 'Transaction Time',
	subtotal: 'Subtotal',
	tax: 'Tax',
	shipping: 'Shipping',
	discount: 'Discount',
	total: 'Total',
};

/** Kit's document marks all amounts required, so none is left to chance. */
const requireDetails: PreSendAction = async function (request) {
	const { purchase } = request.body as { purchase?: IDataObject };
	const missing = Object.entries(REQUIRED_DETAILS)
		.filter(([property]) => optional(purchase?.[property]) === undefined)
		.map(([, label]) => label);
	if (missing.length > 0) {
		throw refusal(this, `Details must have ${missing.join(', ')}`);
	}
	return await Promise.resolve(request);
};

/** In the order in which an invoice has them. */
const productFields: INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
	},
	{
		displayName: 'Product ID',
		name: 'productId',
		type: 'string',
		default: '',
		description: 'What your shop calls this product. Variants of it have the same.',
	},
	{
		displayName: 'Line Item ID',
		name: 'lineItemId',
		type: 'string',
		default: '',
		description: 'What your shop calls this line. Each line of the purchase has its own.',
	},
	{
		displayName: 'Quantity',
		name: 'quantity',
		type: 'number',
		default: 1,
	},
	{
		displayName: 'Unit Price',
		name: 'unitPrice',
		type: 'number',
		typeOptions: { numberPrecision: 2 },
		default: 0,
	},
	{
		displayName: 'SKU',
		name: 'sku',
		type: 'string',
		default: '',
	},
];

/** What Purchase → Create takes. */
export const purchaseFields: INodeProperties[] = [
	{
		displayName: 'Specify Purchase',
		name: 'specifyPurchase',
		type: 'options',
		options: [
			{ name: 'Using Fields Below', value: 'fields' },
			{ name: 'Using JSON', value: 'json' },
		],
		default: 'fields',
		displayOptions: { show },
	},
	inBody(
		'purchase',
		{
			displayName: 'Purchase (JSON)',
			name: 'purchaseJson',
			type: 'json',
			default: '{}',
			required: true,
			description: 'The purchase as Kit’s API takes it',
			displayOptions: { show: { ...show, specifyPurchase: ['json'] } },
		},
		(value) => {
			const purchase = jsonObject(value) as IDataObject | undefined;
			if (!purchase?.email_address) throw new UserError('must have an email_address');
			return purchase;
		},
	),
	inBody(
		'purchase.email_address',
		{
			displayName: 'Email Address',
			name: 'emailAddress',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. reader@example.com',
			description: 'Who bought',
			displayOptions: byFields,
		},
		email,
	),
	inBody(
		'purchase.transaction_id',
		{
			displayName: 'Transaction ID',
			name: 'transactionId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 796-92-4892',
			description: 'What your shop calls this purchase. Each purchase has its own.',
			displayOptions: byFields,
		},
		required,
	),
	inBody(
		'purchase.products',
		{
			displayName: 'Products',
			name: 'products',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Product',
			default: { product: [{}] },
			required: true,
			description: 'What was bought',
			displayOptions: byFields,
			options: [
				{
					displayName: 'Product',
					name: 'product',
					values: productFields,
				},
			],
		},
		products,
	),
	{
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
		displayOptions: byFields,
		routing: { send: { preSend: [requireDetails] } },
		options: [
			inBody(
				'purchase.currency',
				{
					displayName: 'Currency',
					name: 'currency',
					type: 'string',
					default: 'USD',
					description: 'Three letters (ISO 4217)',
				},
				currency,
			),
			inBody(
				'purchase.discount',
				{
					displayName: 'Discount',
					name: 'discount',
					type: 'number',
					typeOptions: { numberPrecision: 2 },
					default: 0,
				},
				amount,
			),
			inBody(
				'purchase.shipping',
				{
					displayName: 'Shipping',
					name: 'shipping',
					type: 'number',
					typeOptions: { numberPrecision: 2 },
					default: 0,
				},
				amount,
			),
			inBody('purchase.status', {
				displayName: 'Status',
				name: 'status',
				type: 'string',
				default: 'paid',
				description: 'What your shop calls the state of the purchase',
			}),
			inBody(
				'purchase.subtotal',
				{
					displayName: 'Subtotal',
					name: 'subtotal',
					type: 'number',
					typeOptions: { numberPrecision: 2 },
					default: 0,
				},
				amount,
			),
			inBody(
				'purchase.tax',
				{
					displayName: 'Tax',
					name: 'tax',
					type: 'number',
					typeOptions: { numberPrecision: 2 },
					default: 0,
				},
				amount,
			),
			inBody(
				'purchase.total',
				{
					displayName: 'Total',
					name: 'total',
					type: 'number',
					typeOptions: { numberPrecision: 2 },
					default: 0,
				},
				amount,
			),
			inBody(
				'purchase.transaction_time',
				{
					displayName: 'Transaction Time',
					name: 'transactionTime',
					type: 'dateTime',
					default: '',
					description: 'When it was bought. A time without a zone is in that of the workflow.',
				},
				moment,
			),
		],
	},
];
