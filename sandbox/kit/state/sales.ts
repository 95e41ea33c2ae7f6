import type { Members } from './members';
import type { Subscriber } from './people';

/** A form, embedded or a landing page of its own, with who signed up. */
export interface Form {
	readonly id: number;
	readonly uid: string;
	readonly name: string;
	readonly createdAt: number;
	readonly type: 'embed' | 'hosted';
	/** How an embedded form appears; null for a landing page. */
	readonly format: string | null;
	readonly status: 'active' | 'archived' | 'trashed';
	readonly members: Members;
}

/** One line of a purchase, in the words of Kit. */
export interface Product {
	readonly quantity: number;
	readonly lid: string;
	readonly unit_price: number;
	readonly sku: string | null;
	readonly name: string;
	readonly pid: string;
}

/** What someone bought. */
export interface Purchase {
	readonly id: number;
	readonly transactionId: string;
	readonly subscriber: Subscriber;
	readonly status: string;
	readonly currency: string;
	readonly transactionTime: number;
	readonly subtotal: number;
	readonly shipping: number;
	readonly discount: number;
	readonly tax: number;
	readonly total: number;
	/** Grows where the same transaction is sent again. */
	readonly products: Product[];
}
