import type { TriggerState } from './state';
import type { Taken } from './taken';
import { mergeTaken, readTaken, writeTaken } from './taken';

/** What was taken in this process, by trigger: calls that come at once do not see each other's static data. */
const takenHere = new Map<string, Taken>();

/** A call that brings something. */
interface Bringing {
	/** In seconds since 1970 */
	since: number;
	/** Whether n8n could not take its run; asked when it matters, since a caller may have hung up */
	wasRefused: () => boolean;
}

/** What is being taken right now, by trigger. */
const takingNow = new Map<string, Map<string, Bringing>>();

/** After so many seconds without a word from n8n, what was being taken counts as not taken. */
const MOST_SECONDS = 300;

/** Lets n8n take everything once, as far as it can be known. */
export class TakingOnce {
	/** @param state of the trigger */
	constructor(private readonly state: TriggerState) {}

	private all(now: number): Taken {
		const here = takenHere.get(this.state.key) ?? new Map<string, number>();
		return mergeTaken([readTaken(this.state.taken), here], now);
	}

	private get taking(): Map<string, Bringing> {
		const taking = takingNow.get(this.state.key) ?? new Map<string, Bringing>();
		takingNow.set(this.state.key, taking);
		return taking;
	}

	/** @returns those keys of which nothing was taken yet */
	fresh(keys: string[], now: number): string[] {
		const taken = this.all(now);
		return keys.filter((key) => !taken.has(key));
	}

	/** @returns whether they can be taken now: nobody else is about to */
	begin(keys: string[], bringing: Bringing): boolean {
		const { taking } = this;
		for (const [key, { since, wasRefused }] of taking) {
			const isOver = wasRefused() || Math.abs(bringing.since - since) > MOST_SECONDS;
			if (isOver) taking.delete(key);
		}
		if (keys.some((key) => taking.has(key))) return false;
		for (const key of keys) taking.set(key, bringing);
		return true;
	}

	/** Remembers them: n8n has taken the run. */
	end(keys: string[], now: number): void {
		for (const key of keys) this.taking.delete(key);
		const mine = new Map(keys.map((key) => [key, now]));
		const all = mergeTaken([this.all(now), mine], now);
		takenHere.set(this.state.key, all);
		this.state.taken = writeTaken(all);
	}
}
