import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { childEnvironment } from './childEnvironment';
import { Failure } from './failure';

const LAST_LINES = 8;
const NO_NETWORK = /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH/;
const DISK_FULL = /ENOSPC|no space left/i;

interface NpmOptions {
	/** The folder npm works in. */
	cwd: string;
	/** The file that receives everything npm prints; its folder is made where it is missing. */
	log: string;
	/** Ends npm when aborted. */
	signal?: AbortSignal;
	/** Added to the environment. */
	env?: Readonly<Record<string, string>>;
	/** Called with every line npm prints. */
	onLine?: (line: string) => void;
}

/** The npm that runs this command, as a program and its first arguments. */
function npmCommand(): [string, ...string[]] {
	const own = process.env.npm_execpath;
	if (own?.endsWith('npm-cli.js')) return [process.execPath, own];
	return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** Picks the lines that say what went wrong, and makes a sentence of them. */
function explain(what: string, lines: readonly string[], log: string): Failure {
	const printed = lines.join('\n');
	if (DISK_FULL.test(printed)) {
		return new Failure(`The disk is full (${what}). Make room and run the command again.`);
	}
	if (NO_NETWORK.test(printed)) {
		return new Failure(
			`The npm registry could not be reached (${what}). ` +
				'Check the network connection, or the proxy npm is set to use, and run the command again.',
		);
	}
	const errors = lines.filter((line) => /^npm (error|ERR!)/.test(line));
	const said = lines.filter((line) => line.trim() && !line.startsWith('> '));
	const last = (errors.length > 0 ? errors : said).slice(-LAST_LINES);
	const tail = last.map((line) => `  ${line}`).join('\n');
	return new Failure(`npm failed (${what}). Its last lines:\n${tail}\nAll of them are in ${log}.`);
}

/**
 * Runs npm without a terminal.
 * @param args npm's arguments
 * @param options where, and what to do with its output
 * @returns what npm printed to standard output
 * @throws {Failure} when npm cannot be started or fails: no network, a full disk, or its last lines
 */
export async function npm(args: readonly string[], options: NpmOptions): Promise<string> {
	const [program, ...first] = npmCommand();
	const what = `npm ${args.slice(0, 2).join(' ')}`;
	mkdirSync(dirname(options.log), { recursive: true });
	const log = createWriteStream(options.log, { flags: 'a' });
	log.write(`\n> npm ${args.join(' ')}\n`);
	const child = spawn(program, [...first, ...args], {
		cwd: options.cwd,
		env: { ...childEnvironment(), ...options.env },
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: program.endsWith('.cmd'),
		signal: options.signal,
	});
	const printed: string[] = [];
	const lines: string[] = [];
	child.stdout.setEncoding('utf8').on('data', (text: string) => printed.push(text));
	for (const stream of [child.stdout, child.stderr]) {
		createInterface({ input: stream }).on('line', (line) => {
			lines.push(line);
			log.write(`${line}\n`);
			options.onLine?.(line);
		});
	}
	try {
		const status = await new Promise<number | null>((resolve, reject) => {
			child.once('error', reject).once('close', resolve);
		});
		if (status !== 0) throw explain(what, lines, options.log);
		return printed.join('');
	} catch (error) {
		if (error instanceof Failure || options.signal?.aborted) throw error;
		throw new Failure(
			`npm could not be started (${program}). Install npm and run the command again.`,
		);
	} finally {
		log.end();
	}
}
