import { createServer } from 'node:net';
import { errorCode, Failure } from './failure';

/** Listens for a moment on 127.0.0.1. Port 0 lets the system choose. */
async function tryPort(port: number): Promise<number> {
	const server = createServer();
	return await new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => {
				resolve(typeof address === 'object' && address !== null ? address.port : port);
			});
		});
	});
}

/**
 * Finds a port nobody listens on.
 * @returns its number
 */
export async function freePort(): Promise<number> {
	return await tryPort(0);
}

/**
 * Checks that a port can be had before anything is started that needs it.
 * @param port its number
 * @param what who wants it, for example "n8n"
 * @param variable the environment variable that chooses another
 * @throws {Failure} when it is taken, or may not be used
 */
export async function assertPortFree(port: number, what: string, variable: string): Promise<void> {
	try {
		await tryPort(port);
	} catch (error) {
		const code = errorCode(error);
		const taken = code === 'EADDRINUSE';
		throw new Failure(
			`Port ${String(port)}, which ${what} needs, ` +
				(taken
					? 'is in use: perhaps this is running already in another window. Stop what uses it'
					: `may not be used (${code ?? 'no reason given'}). Free it`) +
				`, or choose another port: ${variable}=${String(port + 10)} npm start`,
		);
	}
}

/**
 * Reads a port from the environment.
 * @param variables names of environment variables, the first one set counts
 * @param otherwise the port when none is set
 * @returns the port
 * @throws {Failure} when the variable holds no port number
 */
export function portFrom(variables: readonly string[], otherwise: number): number {
	for (const variable of variables) {
		const text = process.env[variable];
		if (!text) continue;
		const port = Number(text);
		if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
		throw new Failure(
			`${variable} is "${text}", which is not a port. Use a number from 1 to 65535.`,
		);
	}
	return otherwise;
}

/**
 * Chooses a port: the one that the environment names, which must be free; else the usual one, or any other
 * where that is taken.
 * @param variable the environment variable
 * @param usual the port when it is not set
 * @param what who wants it, for example "the sandbox"
 * @returns a port that nobody listens on
 * @throws {Failure} when the variable holds no port number, or one that is taken
 */
export async function chosenPort(variable: string, usual: number, what: string): Promise<number> {
	if (!process.env[variable]) return await tryPort(usual).catch(freePort);
	const port = portFrom([variable], usual);
	await assertPortFree(port, what, variable);
	return port;
}
