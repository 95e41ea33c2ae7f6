import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { asSentence, Failure } from '../failure';
import { openGateway } from '../gateway';
import { buildPackage } from '../n8n/build';
import { say } from '../progress';
import { runLive } from './run';
import { QUESTION } from './writing';

const USAGE = `npm run live -- [--write [--yes]]

Runs every reading operation of the built node at the real Kit, through Maton, and compares what comes
back with what is known of Kit's API (sandbox/facts). Prints what differs by its place and its kind, and
nothing of what is in the account. Writes nothing. Ends with 1 where anything differs.

  MATON_API_KEY        the key; without it the sandbox is checked
  MATON_CONNECTION_ID  which connection, where the key has more than one
  --write              go on with creating, changing and deleting things named n8n-check-...
  --yes                do not ask before that
`;

async function isAgreed(): Promise<boolean> {
	if (!process.stdin.isTTY) {
		throw new Failure('Nobody is there to ask. Add --yes to go on without a question.');
	}
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	try {
		return (await terminal.question('Type yes to go on: ')).trim() === 'yes';
	} finally {
		terminal.close();
	}
}

async function main(args: string[]): Promise<void> {
	if (args.some((arg) => !['--write', '--yes'].includes(arg))) {
		say(USAGE);
		process.exitCode = args.includes('--help') ? 0 : 2;
		return;
	}
	const writes = args.includes('--write');
	if (writes) {
		say(`${QUESTION}\n`);
		if (!args.includes('--yes') && !(await isAgreed())) return;
	}
	const interruption = new AbortController();
	await buildPackage(join(__dirname, '../..'), interruption.signal);
	if (writes) {
		process.on('SIGINT', () => {
			if (!interruption.signal.aborted) say('\nStopping, and removing what was made ...');
			interruption.abort();
		});
	}
	const { gateway, what, close } = await openGateway(0);
	try {
		say(`Checking ${what}\n`);
		const { signal } = interruption;
		if (!(await runLive({ gateway, writes, signal, print: say }))) process.exitCode = 1;
	} finally {
		await close();
	}
}

main(process.argv.slice(2)).catch((error: unknown) => {
	process.stderr.write(`\n${asSentence(error)}\n`);
	process.exitCode = 1;
});
