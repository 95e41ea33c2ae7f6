import type { Subscriber } from './people';

/** That a subscriber is on a form or in a sequence. */
export interface Member {
	readonly id: number;
	/** When the subscriber was added, in milliseconds since 1970. */
	readonly at: number;
	readonly subscriber: Subscriber;
	/** The page that it came from, where a form was told one. */
	readonly referrer: string | null;
}

/** Who is on a form or in a sequence. */
export class Members {
	private readonly all: Member[] = [];

	private bySubscriber: Map<Subscriber, Member> | undefined;

	/** Everyone, ascending by moment, then id. */
	get rows(): readonly Member[] {
		return this.all;
	}

	/** Those that a list shows by default: the active ones. */
	get activeCount(): number {
		return this.all.filter(({ subscriber }) => subscriber.state === 'active').length;
	}

	/** What there is of a subscriber. Looked up in a map that the first question makes. */
	of(subscriber: Subscriber): Member | undefined {
		this.bySubscriber ??= new Map(this.all.map((member) => [member.subscriber, member]));
		return this.bySubscriber.get(subscriber);
	}

	/** Adds a subscriber that is not there yet, at a moment no earlier than the last. */
	add(member: Member): void {
		this.all.push(member);
		this.bySubscriber?.set(member.subscriber, member);
	}
}
