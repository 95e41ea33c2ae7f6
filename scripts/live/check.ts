import type { INodeParameters, IDataObject } from 'n8n-workflow';
import { Contract } from '../../sandbox/facts/contract';
import { runKit } from '../../test/support/n8n';
import { describedResources } from '../docs/description';
import { Failure } from '../failure';
import type { Gateway } from '../n8n/demo';
import { differencesOf } from './differences';
import type { Forwarder } from './forwarder';
import { startForwarder } from './forwarder';

/** How an operation fared. */
export type State = 'ok' | 'differs' | 'refused' | 'not tried';

/** What came of one run of an operation. */
export interface Ran {
	items: IDataObject[];
	/** As the node took it; 0 where nothing was answered */
	status: number;
	/** Whether the node had its answer */
	succeeded: boolean;
}

/** What a plan or a way to connect does not cover. */
const REFUSED = [401, 402, 403];

/** Runs operations of the built node, and holds what Kit answers to what is known of it. */
export class LiveCheck {
	/** Of each operation, the worst that came of it */
	private readonly states = new Map<string, State>();

	/** By what they are, without what came instead, of which one example is enough */
	private readonly found = new Map<string, string>();

	private readonly contract = new Contract();

	private readonly said = new Set<string>();

	private constructor(
		private readonly credential: Gateway,
		private readonly forwarder: Forwarder,
		private readonly print: (line: string) => void,
	) {}

	/**
	 * @param gateway Maton, or what takes its place
	 * @param print prints a line
	 * @returns the check, once the key and the connection have been found to work
	 * @throws {Failure} where they do not
	 */
	static async begin(gateway: Gateway, print: (line: string) => void): Promise<LiveCheck> {
		const forwarder = await startForwarder(gateway.baseUrl);
		const credential = { ...gateway, baseUrl: forwarder.url };
		const parameters = { resource: 'account', operation: 'get' };
		const { error } = await runKit({ credential, parameters });
		forwarder.exchanges.length = 0;
		if (!error) return new LiveCheck(credential, forwarder, print);
		await forwarder.close();
		throw new Failure(`${error.message}. ${error.description ?? ''}`);
	}

	/**
	 * @param operation `resource.operation`
	 * @param parameters its fields
	 * @returns what came of it, which is printed, too
	 */
	async run(operation: string, parameters: INodeParameters): Promise<Ran> {
		const { exchanges } = this.forwarder;
		exchanges.length = 0;
		const [resource = '', value = ''] = operation.split('.');
		const { json, error } = await runKit({
			credential: { ...this.credential },
			parameters: { resource, operation: value, ...parameters },
		});
		const last = exchanges.at(-1);
		// The node may know better than the last answer that something is not there.
		const status = Number(error?.httpCode ?? last?.status ?? 0);
		const refused = error !== undefined && REFUSED.includes(status);
		const found = exchanges
			.filter((exchange) => !REFUSED.includes(exchange.status))
			.flatMap((exchange) => differencesOf(this.contract.problems(exchange)));
		if (error && !refused && status !== 404) {
			const name = last && this.contract.find(last.method, last.path)?.name;
			const answer = status === 0 ? 'no answer' : String(status);
			found.push(`${name ?? 'No request'} ${answer}: the node failed at ${operation}`);
		}
		for (const difference of found) this.differs(operation, difference);
		if (found.length > 0) return { items: json, status, succeeded: !error };
		if (refused) this.say(operation, 'refused', `${String(status)}, by the plan or the connection`);
		else if (!error) this.say(operation, 'ok');
		return { items: json, status, succeeded: !error };
	}

	/**
	 * @param operation at which something is otherwise
	 * @param difference what, with what came instead at its end, if it says so
	 */
	differs(operation: string, difference: string): void {
		const [what = ''] = difference.split(', got ');
		if (!this.found.has(what)) this.found.set(what, difference);
		this.say(operation, 'differs');
	}

	/** @returns what differs, in order */
	differences(): string[] {
		return [...this.found.values()].sort();
	}

	/**
	 * @param operation that was not run
	 * @param why not
	 */
	skip(operation: string, why: string): void {
		this.say(operation, 'not tried', why);
	}

	/** @returns the operations of the built node of which nothing was said yet */
	untried(): string[] {
		return describedResources()
			.flatMap(({ operations }) => operations.map(({ key }) => key))
			.filter((key) => !this.states.has(key));
	}

	/** What came of everything, in one line. */
	summary(): string {
		const count = (state: State) =>
			`${String([...this.states.values()].filter((one) => one === state).length)} ${state}`;
		const states: State[] = ['ok', 'differs', 'refused', 'not tried'];
		return `${String(this.states.size)} operations: ${states.map(count).join(', ')}`;
	}

	async close(): Promise<void> {
		await this.forwarder.close();
	}

	private say(operation: string, state: State, why = ''): void {
		const ranks: (State | undefined)[] = ['not tried', 'ok', 'refused', 'differs'];
		const known = this.states.get(operation);
		if (ranks.indexOf(state) > ranks.indexOf(known)) this.states.set(operation, state);
		const line = `${state.padEnd(9)}  ${operation}${why && `: ${why}`}`;
		const isNews = ranks.indexOf(state) > ranks.indexOf(known) || state === 'not tried';
		if (isNews && !this.said.has(line)) this.print(line);
		this.said.add(line);
	}
}
