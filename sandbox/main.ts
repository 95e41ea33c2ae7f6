import { parseArgs } from 'node:util';
import { startSandbox } from './index';
import type { Sandbox } from './index';

const USAGE = `Usage: npm run sandbox -- [options]

  --port <number>         where it listens on 127.0.0.1 (4010)
  --subscribers <number>  how many subscribers the main account has (50)
  --seed <number>         another number gives other data (1)
  --rate-limit            answer 429 above 10 requests a second
  --loopback-webhooks     let webhook endpoints be on this machine
  --help                  this text`;

/** Reads a whole number, which may not be too large. */
function wholeNumber(option: string, text: string, most: number): number {
	const value = Number(text);
	if (/^\d+$/.test(text) && value <= most) return value;
	throw new Error(
		`--${option} must be a whole number from 0 to ${String(most)}, not "${text}".\n\n${USAGE}`,
	);
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
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '4010' },
			subscribers: { type: 'string', default: '50' },
			seed: { type: 'string', default: '1' },
			'rate-limit': { type: 'boolean', default: false },
			'loopback-webhooks': { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return;
	}
	const sandbox = await startSandbox({
		port: wholeNumber('port', values.port, 65_535),
		subscribers: wholeNumber('subscribers', values.subscribers, 5_000_000),
		seed: wholeNumber('seed', values.seed, 2_147_483_647),
		enforceRateLimit: values['rate-limit'],
		allowLoopbackWebhooks: values['loopback-webhooks'],
	});
	console.log(introduction(sandbox));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			void sandbox.close();
		});
	}
}

main().catch((error: unknown) => {
	const { code, message } = error as NodeJS.ErrnoException;
	const isPort = code === 'EADDRINUSE' || code === 'EACCES';
	console.error(isPort ? `${message}. Choose another port with --port.` : message);
	process.exitCode = 1;
});
