import type { TriggerState } from './state';
import { addTaken, mergeTaken, readTaken, writeTaken } from './deduplicationRecord';

interface Here {
	/** What was taken, the older first */
	taken: Map<string, number>;
	/** What n8n had saved when that was put together, so that it is read only where it has become another */
	saved: string;
}

/** What was taken in this process, by trigger: calls that come at once do not see each other's static data. */
const takenHere = new Map<string, Here>();

/** Whether n8n could not take the run of a call; asked when it matters, since a caller may have hung up. */
type WasRefused = () => boolean;

/**
 * What is being taken right now, by trigger. That can take hours: n8n answers when a run may begin, and as many
 * as it runs at once can be limited (`concurrency-control.service.ts` in n8n).
 */
const takingNow = new Map<string, Map<string, WasRefused>>();

/** Lets n8n take everything once, as far as it can be known. */
export class Deduplicator {
	/** @param state of the trigger */
	constructor(private readonly state: TriggerState) {}

	private all(now: number): Map<string, number> {
		const { key, taken: saved } = this.state;
		const here = takenHere.get(key);
		if (here?.saved === saved) return here.taken;
		const taken = mergeTaken([readTaken(saved), here?.taken ?? new Map<string, number>()], now);
		takenHere.set(key, { taken, saved });
		return taken;
	}

	private get taking(): Map<string, WasRefused> {
		const taking = takingNow.get(this.state.key) ?? new Map<string, WasRefused>();
		takingNow.set(this.state.key, taking);
		return taking;
	}

	/** @returns those keys of which nothing was taken yet */
	fresh(keys: string[], now: number): string[] {
		const taken = this.all(now);
		return keys.filter((key) => !taken.has(key));
	}

	/** @returns whether they can be taken now: nobody else is about to */
	begin(keys: string[], wasRefused: WasRefused): boolean {
		const { taking } = this;
		for (const [key, wasOther] of taking) if (wasOther()) taking.delete(key);
		if (keys.some((key) => taking.has(key))) return false;
		for (const key of keys) taking.set(key, wasRefused);
		return true;
	}

	/** Remembers them: n8n has taken the run. */
	end(keys: string[], now: number): void {
		for (const key of keys) this.taking.delete(key);
		const taken = this.all(now);
		addTaken(taken, keys, now);
		const saved = writeTaken(taken);
		takenHere.set(this.state.key, { taken, saved });
		this.state.taken = saved;
	}
}
