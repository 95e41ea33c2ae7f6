/** What an entry of a bulk endpoint looks like, in the request and in the answer (Kit's documentation). */
export interface EntryKind {
	/** Under which key a request lists its entries */
	list: string;
	/** What a request has to hold besides */
	besides?: Record<string, null>;
	/** Under which key a failure names the entry that it is about */
	failed: string;
	/** Under which key the successes stand; left out where Kit answers failures only */
	done?: string;
	/** What an entry holds, and under which name the request of an item has it */
	holds: Record<string, string>;
	/** What of an entry says what it is about: two that agree in it must not be sent together */
	identity: string[];
	/** Which name in a success tells whose it is, by the name that the entry has for it */
	told: Record<string, string>;
}

/** A person to be created, or updated where the email address is known. */
export const NEW_SUBSCRIBER: EntryKind = {
	list: 'subscribers',
	failed: 'subscriber',
	done: 'subscribers',
	holds: { email_address: 'email_address', first_name: 'first_name', state: 'state' },
	identity: ['email_address'],
	told: { email_address: 'email_address' },
};

/** A tag to be given to a subscriber. */
export const TAGGING: EntryKind = {
	list: 'taggings',
	failed: 'tagging',
	done: 'subscribers',
	holds: { tag_id: 'tag_id', subscriber_id: 'subscriber_id' },
	identity: ['tag_id', 'subscriber_id'],
	told: { subscriber_id: 'id' },
};

/** A tag to be taken away from a subscriber. */
export const UNTAGGING: EntryKind = { ...TAGGING, done: undefined };

/** A subscriber to be added to a form. */
export const ADDITION: EntryKind = {
	list: 'additions',
	failed: 'subscription',
	done: 'subscribers',
	holds: { form_id: 'form_id', subscriber_id: 'subscriber_id', referrer: 'referrer' },
	identity: ['form_id', 'subscriber_id'],
	told: { subscriber_id: 'id' },
};

/** A tag to be created. */
export const NEW_TAG: EntryKind = {
	list: 'tags',
	failed: 'tag',
	done: 'tags',
	holds: { name: 'name' },
	identity: ['name'],
	told: { name: 'name' },
};

/** A tag to be deleted. */
export const DELETED_TAG: EntryKind = {
	list: 'tags',
	failed: 'tag',
	holds: { id: 'tag_id' },
	identity: ['id'],
	told: {},
};

/** A custom field to be created. */
export const NEW_CUSTOM_FIELD: EntryKind = {
	list: 'custom_fields',
	failed: 'custom_field',
	done: 'custom_fields',
	holds: { label: 'label' },
	identity: ['label'],
	told: { label: 'label' },
};

/** A value to be put into a custom field of a subscriber. */
export const VALUE: EntryKind = {
	list: 'custom_field_values',
	// Of all bulk endpoints only this one requires it (Kit's document), be it null.
	besides: { callback_url: null },
	failed: 'custom_field_value',
	done: 'custom_field_values',
	holds: {
		subscriber_id: 'subscriber_id',
		subscriber_custom_field_id: 'custom_field_id',
		value: 'value',
	},
	identity: ['subscriber_id', 'subscriber_custom_field_id'],
	told: {
		subscriber_id: 'subscriber_id',
		subscriber_custom_field_id: 'subscriber_custom_field_id',
	},
};
