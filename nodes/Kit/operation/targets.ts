import { toText } from '../../shared/fields/parsers';
import { foldAddress } from '../../shared/subscribers';
import type { Account } from '../../shared/transport/client';
import type { Item, Target } from './operation';

/** What is unique in an account, so that whether it can be given to one thing depends on the others. */
const UNIQUE = ['email_address', 'label', 'name', 'position'];

/**
 * @param item that writes
 * @returns what it changes
 */
export function targetOf({ itemIndex, request, subscriberToFind }: Item): Target {
	const { method, path, body = {} } = request;
	if (method !== 'POST' && UNIQUE.some((name) => body[name] !== undefined)) {
		return { kind: `item ${String(itemIndex)}`, key: path };
	}
	const name = subscriberToFind ?? body.email_address ?? body.name;
	if (name === undefined) return { kind: 'id', key: path };
	return { kind: 'name', key: `${path} ${foldAddress(toText(name))}` };
}

/** Targets in their accounts, such as those of the items that are under way. */
export class Targets {
	private readonly counts = new Map<string, number>();

	private readonly kinds = new Map<string, { account: Account; kind: string; count: number }>();

	/**
	 * @returns whether this may be one of them: what is named in another way, or is in an account that has
	 * no name, may be
	 */
	mayHave(account: Account, { kind, key }: Target): boolean {
		if (this.counts.has(textOf(account, kind, key))) return true;
		return [...this.kinds.values()].some((other) =>
			other.account.id === account.id
				? other.kind !== kind
				: !other.account.isNamed || !account.isNamed,
		);
	}

	add(account: Account, { kind, key }: Target): void {
		const text = textOf(account, kind, key);
		this.counts.set(text, (this.counts.get(text) ?? 0) + 1);
		const ofKind = this.kinds.get(textOf(account, kind)) ?? { account, kind, count: 0 };
		ofKind.count += 1;
		this.kinds.set(textOf(account, kind), ofKind);
	}

	remove(account: Account, { kind, key }: Target): void {
		const text = textOf(account, kind, key);
		const count = (this.counts.get(text) ?? 0) - 1;
		if (count > 0) this.counts.set(text, count);
		else this.counts.delete(text);
		const ofKind = this.kinds.get(textOf(account, kind));
		if (!ofKind) return;
		ofKind.count -= 1;
		if (ofKind.count === 0) this.kinds.delete(textOf(account, kind));
	}
}

function textOf({ id }: Account, ...names: string[]): string {
	return JSON.stringify([id, ...names]);
}
