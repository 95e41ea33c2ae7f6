import type { SavedRun } from './modes';
import type { Call, Post } from './roughProxy';
import { PATH_FAULTS } from './roughProxy';

/** How long n8n may take, once it has taken a run, until it has saved what it remembers of it. */
const SAVING_MS = 2000;

/** The end of a process of n8n's in the middle of what it was doing. */
export interface Death {
	process: number;
	/** In ms since 1970 */
	at: number;
	/** Whether nobody killed it: n8n 2.41 may end in the recovery from a kill, while it takes calls already */
	isOwn: boolean;
}

/** What is known when all is over. */
export interface Account {
	/** The names that tell events */
	names: string[];
	/** A delivery at Kit: its status */
	deliveries: { status: string }[];
	posts: Post[];
	runs: SavedRun[];
	deaths: Death[];
	/** The names that Get Missed Events fetched in the end */
	fetched: string[];
	milliseconds: number;
}

/** What became of everything. */
export interface Ledger {
	rows: [what: string, count: number][];
	/**
	 * Events in no run, but for those that n8n answered before the trigger was there and that can be fetched; each with
	 * its calls
	 */
	lost: string[];
	/** Events in several runs, which neither a death of n8n nor a second process explains; each with its calls */
	doubled: string[];
}

/** Whether n8n may have died between taking a run and remembering it. */
function isAtDeath({ process, at, endedAt = Infinity }: Call, deaths: Death[]): boolean {
	return deaths.some(
		(death) => death.process === process && at <= death.at && endedAt + SAVING_MS >= death.at,
	);
}

type Answer = NonNullable<Call['answer']>;

/** Whether n8n started a run, as far as is known. */
function hasStarted({ answer }: Call): boolean {
	return !answer || (answer.status === 200 && !isKnown(answer) && !isFromStart(answer));
}

/** Whether the trigger answered that it had taken all of it before. */
function isKnown({ status, text }: Answer): boolean {
	return status === 200 && text === '{"events":0}';
}

/**
 * Whether n8n answered in the trigger's place: while it brings its database up to date it answers every call with
 * 200, “n8n is starting up. Please wait” (`abstract-server.ts` in n8n).
 */
function isFromStart({ status, text }: Answer): boolean {
	return status === 200 && !text.startsWith('{"events":');
}

function overlaps(one: Call, other: Call): boolean {
	return one.at <= (other.endedAt ?? Infinity) && other.at <= (one.endedAt ?? Infinity);
}

/** A call for people. */
function callText({ process, at, endedAt, answer }: Call): string {
	const time = (ms?: number) => (ms === undefined ? '…' : new Date(ms).toISOString().slice(11, 23));
	const came = answer ? `${String(answer.status)} ${answer.text.slice(0, 60)}` : 'no answer';
	return `process ${String(process)}, ${time(at)} to ${time(endedAt)}: ${came}`;
}

/** Why an event is in several runs; undefined where nothing explains it. */
function reasonFor(calls: Call[], deaths: Death[]): keyof typeof DOUBLES | undefined {
	const kills = deaths.filter(({ isOwn }) => !isOwn);
	if (calls.some((call) => isAtDeath(call, kills))) return 'kill';
	if (calls.some((call) => isAtDeath(call, deaths))) return 'ownEnd';
	const started = calls.filter(hasStarted);
	const isShared = new Set(started.map(({ process }) => process)).size > 1;
	if (!isShared) return undefined;
	const isAtOnce = started.some((one) =>
		started.some((other) => other.process !== one.process && overlaps(one, other)),
	);
	return isAtOnce ? 'atOnce' : 'overwritten';
}

const DOUBLES = {
	kill: 'Events doubled at kills',
	ownEnd: 'Events doubled where n8n ended by itself after a kill',
	atOnce: 'Events doubled by two processes that were called at once',
	overwritten: 'Events doubled by a process that overwrote what the other had saved',
};

/**
 * @param account what is known
 * @returns what it says
 */
export function ledgerOf(account: Account): Ledger {
	const { names, deliveries, posts, runs, deaths, fetched, milliseconds } = account;
	const runsOf = new Map<string, SavedRun[]>();
	for (const run of runs) {
		for (const name of new Set(run.data.match(NAME))) {
			runsOf.set(name, [...(runsOf.get(name) ?? []), run]);
		}
	}
	const callsOf = new Map<string, Call[]>();
	for (const { names: own, calls } of posts) {
		for (const name of own) callsOf.set(name, [...(callsOf.get(name) ?? []), ...calls]);
	}
	const times = (name: string) => runsOf.get(name)?.length ?? 0;
	const several = names
		.filter((name) => times(name) > 1)
		.map((name) => ({ name, reason: reasonFor(callsOf.get(name) ?? [], deaths) }));
	const isUnfinished = (name: string) =>
		times(name) > 0 && runsOf.get(name)?.every(({ status }) => status !== 'success') === true;
	const missing = names.filter((name) => times(name) === 0);
	const isAnsweredAtStart = (name: string) =>
		callsOf.get(name)?.some(({ answer }) => answer && isFromStart(answer)) === true;
	const answered = missing.filter(isAnsweredAtStart);
	const lost = missing.filter((name) => !answered.includes(name) || !fetched.includes(name));
	const otherwise = missing.length - answered.length;
	const doubled = several.filter(({ reason }) => !reason).map(({ name }) => name);
	const withCalls = (name: string) =>
		[name, ...(callsOf.get(name) ?? []).map(callText)].join('\n  ');
	const calls = posts.flatMap((post) => post.calls);
	const answers = calls.flatMap(({ answer }) => answer ?? []);
	const count = <T>(all: T[], is: (one: T) => boolean) => all.filter(is).length;
	const each = <T>(what: string, all: T[], keyOf: (one: T) => string) =>
		[...new Set(all.map(keyOf))]
			.sort()
			.map((key): [string, number] => [`${what} ${key}`, count(all, (one) => keyOf(one) === key)]);
	return {
		rows: [
			['Deliveries of Kit', deliveries.length],
			...each('… that Kit calls', deliveries, ({ status }) => status),
			['Attempts of Kit', posts.length],
			...PATH_FAULTS.map((fault): [string, number] => [
				`… of which on purpose: ${fault}`,
				count(posts, (post) => post.fault === fault),
			]),
			['Calls of n8n', calls.length],
			['… not answered', count(calls, ({ answer }) => !answer)],
			...each('… answered', answers, ({ status }) => String(status)),
			['… of which known before, so that nothing started', count(answers, isKnown)],
			['… of which by n8n before it was up', count(answers, isFromStart)],
			['Kills of a process', count(deaths, ({ isOwn }) => !isOwn)],
			['… after which n8n ended by itself', count(deaths, ({ isOwn }) => isOwn)],
			['… calls that were under way', count(calls, (call) => isUnderWay(call, deaths))],
			['Runs', runs.length],
			...each('… that n8n calls', runs, ({ status }) => status),
			['Events', names.length],
			['… in one run', count(names, (name) => times(name) === 1)],
			['… in several', several.length],
			['… only in runs that n8n died in', count(names, isUnfinished)],
			['… in none, because n8n took Kit’s call before it was up', answered.length],
			['… … that Get Missed Events fetched', count(answered, (name) => fetched.includes(name))],
			['… in none otherwise', otherwise],
			...Object.entries(DOUBLES).map(([key, what]): [string, number] => [
				what,
				count(several, ({ reason }) => reason === key),
			]),
			['Events doubled otherwise', doubled.length],
			['Seconds', Math.round(milliseconds / 1000)],
		],
		lost: lost.map(withCalls),
		doubled: doubled.map(withCalls),
	};
}

function isUnderWay({ process, at, endedAt = Infinity }: Call, deaths: Death[]): boolean {
	return deaths.some((death) => death.process === process && at <= death.at && endedAt >= death.at);
}

/** By which the events of a soak are told apart. */
export const NAME = /soak-\d{5}/g;

/** @returns a ledger for people, a line for each count */
export function table({ rows }: Ledger): string {
	const width = Math.max(...rows.map(([what]) => what.length));
	return rows.map(([what, n]) => `${what.padEnd(width)} ${String(n).padStart(6)}`).join('\n');
}
