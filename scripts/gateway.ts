import { startSandbox } from '../sandbox';
import type { Gateway } from './n8n/demo';

const MATON = 'https://api.maton.ai';
const SUBSCRIBERS = 250;
const SEED = 1;

export interface RunningGateway {
	/** What the credential holds. */
	gateway: Gateway;
	/** What it is, in words. */
	what: string;
	close: () => Promise<void>;
}

/** @returns whether the environment asks for the real Maton, by `MATON_API_KEY` */
export function isRealMaton(): boolean {
	return Boolean(process.env.MATON_API_KEY);
}

/**
 * Chooses whom n8n talks to: the real Maton when `MATON_API_KEY` is set (and the connection
 * `MATON_CONNECTION_ID`, if that is), else the sandbox, which is started in this process.
 * @param port the sandbox's port, which is free
 * @returns the gateway, and how to close it
 */
export async function openGateway(port: number): Promise<RunningGateway> {
	const { MATON_API_KEY: apiKey, MATON_CONNECTION_ID: connectionId = '' } = process.env;
	if (apiKey) {
		return {
			gateway: { apiKey, connectionId, baseUrl: MATON },
			what: `This is your own account, through Maton at ${MATON}: what you run, Kit does.`,
			close: async () => {
				await Promise.resolve();
			},
		};
	}
	const sandbox = await startSandbox({
		port,
		subscribers: SUBSCRIBERS,
		seed: SEED,
		allowLoopbackWebhooks: true,
	});
	return {
		gateway: {
			apiKey: sandbox.keys.main,
			connectionId: '',
			baseUrl: sandbox.url,
		},
		what: `It is made up, and begins anew with each start. Make things happen in it: ${sandbox.url}`,
		close: async () => {
			await sandbox.close();
		},
	};
}
