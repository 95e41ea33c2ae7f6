import { TestEnvironment } from 'jest-environment-node';
import { say } from '../../../scripts/progress';
import { sharedN8n, type SharedN8n } from './shared';

/** What test files get from the environment, as `global.e2e`. */
export interface E2e {
	n8n: SharedN8n;
	/** Called with the folder of a failure, to add to it. */
	onFailure: ((folder: string) => Promise<void>)[];
}

interface CircusEvent {
	name: string;
	test?: { name: string; parent: { name: string } };
}

/** Node's environment, with the n8n that all test files share, and with a record of failures. */
export default class E2eEnvironment extends TestEnvironment {
	private readonly e2e: E2e = { n8n: sharedN8n(), onFailure: [] };

	override async setup(): Promise<void> {
		await super.setup();
		this.global.e2e = this.e2e;
	}

	/** Jest's runner tells of every step of a test, and waits for what is done about it. */
	async handleTestEvent({ name, test }: CircusEvent): Promise<void> {
		if (name !== 'test_fn_failure' && name !== 'hook_failure') return;
		const folder = await this.e2e.n8n.keepFailure(test?.name ?? 'before the tests');
		for (const add of this.e2e.onFailure) await add(folder);
		say(`"${test?.name ?? name}" failed. n8n's log is in ${folder}`);
	}
}
