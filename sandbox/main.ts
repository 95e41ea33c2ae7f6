import { parseArgs } from 'node:util';
import { startSandbox } from './index';
import type { Sandbox } from './index';

const DEFAULT_PORT = 4010;

const USAGE = `Usage: npm run sandbox -- [options]

  --port <number>         where it listens on 127.0.0.1 (${String(DEFAULT_PORT)})
  --subscribers <number>  how many subscribers the main account has (50)
  --seed <number>         another number gives other data (1)
  --rate-limit            answer 429 above 10 requests a second
  --loopback-webhooks     let webhook endpoints be on this machine
  --help                  this text`;

/** Ends the command with a sentence. */
function stop(sentence: string): never {
	console.error(sentence);
	process.exit(1);
}

const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Reads a whole number; ends the command with a sentence where it is none, or too large. */
function wholeNumber(option: string, text: string, most: number): number {
	const value = Number(text);
	if (/^\d+$/.test(text) && value <= most) return value;
	return stop(`--${option} must be a whole number from 0 to ${String(most)}, not "${text}".`);
}

/** The options as they were typed; ends the command with a sentence where one is unknown. */
function typed() {
	try {
		return parseArgs({
			options: {
				port: { type: 'string', default: String(DEFAULT_PORT) },
				subscribers: { type: 'string', default: '50' },
				seed: { type: 'string', default: '1' },
				'rate-limit': { type: 'boolean', default: false },
				'loopback-webhooks': { type: 'boolean', default: false },
				help: { type: 'boolean', default: false },
			},
		}).values;
	} catch (error) {
		return stop(`${sentenceOf(error)}\n\n${USAGE}`);
	}
}

/** How to use a sandbox, for whoever started it. */
function introduction({ url, keys, connections }: Sandbox): string {
	const named = Object.entries(connections).map(([name, id]) => `    ${name.padEnd(8)} ${id}`);
	return `The sandbox takes the place of https://api.maton.ai, with made-up data.

  Base URL        ${url}
  Maton API key   ${keys.main}  (without any connection: ${keys.empty})
  Connections     for the header Maton-Connection; "main" is used without it
${named.join('\n')}

  Try it          curl -H 'Authorization: Bearer ${keys.main}' '${url}/kit/v4/subscribers?per_page=3'
  See it          ${url} in a browser
  Control it      curl ${url}/_sandbox/

Press Ctrl+C to stop.`;
}

async function main(): Promise<void> {
	const options = typed();
	if (options.help) {
		console.log(USAGE);
		return;
	}
	const port = wholeNumber('port', options.port, 65_535);
	const sandbox = await startSandbox({
		port,
		subscribers: wholeNumber('subscribers', options.subscribers, 5_000_000),
		seed: wholeNumber('seed', options.seed, 2_147_483_647),
		enforceRateLimit: options['rate-limit'],
		allowLoopbackWebhooks: options['loopback-webhooks'],
	}).catch((error: unknown) => {
		const why = { EADDRINUSE: 'is taken', EACCES: 'may not be used' } as Record<string, string>;
		const known = error instanceof Error && 'code' in error ? why[String(error.code)] : undefined;
		if (known === undefined) return stop(`The sandbox did not start: ${sentenceOf(error)}`);
		return stop(`Port ${String(port)} ${known}. Choose another one with --port.`);
	});
	console.log(introduction(sandbox));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			void sandbox.close();
		});
	}
}

void main();
