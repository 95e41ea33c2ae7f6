import { broadcastRow } from './broadcasts';
import { customFieldRow } from './customFields';
import { iso } from './dates';
import { formRow } from './forms';
import { postRow } from './posts';
import { sequenceRow } from './sequences';
import type { Account, KitEvent, Purchase } from './state';
import { listedSubscriber } from './subscriberRows';
import { tagRow } from './tags';

function fieldData({ customField, value }: KitEvent) {
	if (customField === undefined) return {};
	return {
		custom_field: { ...customFieldRow(customField), ...(value !== undefined && { value }) },
	};
}

/**
 * What an event delivered to a webhook endpoint carries as `data`. Kit documents which keys there are
 * and that `subscriber` is as its API answers it; that the others are too is a guess.
 */
export function dataOf(account: Account, event: KitEvent): object {
	const { subscriber, form, sequence, tag, broadcast, post } = event;
	return {
		...(subscriber && { subscriber: listedSubscriber(account, subscriber, false) }),
		...(form && { form: formRow(account, form) }),
		...(sequence && { sequence: sequenceRow(sequence) }),
		...(tag && { tag: tagRow(tag) }),
		...fieldData(event),
		...(broadcast && { broadcast: broadcastRow(account, broadcast) }),
		...(post && { post: postRow(account, post) }),
	};
}

/** A purchase as Kit's documentation of classic webhooks shows it. */
function classicPurchase(purchase: Purchase) {
	return {
		id: purchase.id,
		transaction_id: purchase.transactionId,
		status: purchase.status,
		email_address: purchase.subscriber.emailAddress,
		currency: purchase.currency,
		transaction_time: iso(purchase.transactionTime),
		subtotal: purchase.subtotal,
		shipping: purchase.shipping,
		discount: purchase.discount,
		tax: purchase.tax,
		total: purchase.total,
		products: purchase.products,
	};
}

/**
 * What a classic webhook is sent. Kit documents it for subscribers and purchases; for custom fields it
 * is a guess.
 */
export function classicBodyOf(account: Account, event: KitEvent): object {
	const { purchase, customField, subscriber } = event;
	if (purchase) return classicPurchase(purchase);
	if (customField) return fieldData(event);
	return subscriber ? { subscriber: listedSubscriber(account, subscriber, false) } : {};
}
