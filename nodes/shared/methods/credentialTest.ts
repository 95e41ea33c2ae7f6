import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { MatonKitApi } from '../../../credentials/MatonKitApi.credentials';
import { isUuid } from '../fields/parsers';
import type { MatonKitCredentials } from '../transport/credentials';
import { readCredentials } from '../transport/credentials';
import type { Explanation } from '../transport/explanations';
import { explainNetworkError, explainStatus, isFromKit } from '../transport/explanations';
import { isRecord } from '../record';

const PATH = '/kit/v4/account';

/**
 * Asks Kit for the account, which proves the key, the connection and the base URL together.
 * @param credential what the person entered
 * @returns the name of the account that was reached, or what is wrong and what to do
 */
export async function matonKitApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	let entered: MatonKitCredentials;
	try {
		entered = readCredentials(credential.data);
	} catch (error) {
		return { status: 'Error', message: (error as Error).message };
	}
	const ask = async (path: string) => await get(this, entered, path);
	const response = await ask(PATH);
	if ('refusal' in response) return refused(response.refusal);
	const { statusCode: status, body } = response;
	if (status < 200 || status > 299) {
		// Every account of Kit has this path: what does not know it was asked at another address.
		const said = status === 404 ? undefined : body;
		const explained = explainStatus({ status, body: said, method: 'GET', path: PATH });
		if (status === 401 && !isFromKit(status, body)) return refused(withKindOfKey(explained));
		const problem = status === 400 ? await connectionProblem(ask, entered) : undefined;
		return refused(problem ?? explained);
	}
	const { account } = (typeof body === 'object' ? body : {}) as { account?: { name?: string } };
	if (!account) {
		return refused({
			message: 'Something other than the Maton gateway answered',
			description: 'Check the Base URL in the credential: it is https://api.maton.ai',
		});
	}
	return { status: 'OK', message: `Connected to the Kit account “${account.name ?? ''}”` };
}

type Response = { statusCode: number; body: unknown } | { refusal: Explanation };

/** n8n gives credential tests no HTTP helper but `request`, which takes the options of the old library. */
async function get(
	{ helpers }: ICredentialTestFunctions,
	entered: MatonKitCredentials,
	path: string,
): Promise<Response> {
	const { headers } = await new MatonKitApi().authenticate({ ...entered }, { url: path });
	try {
		return (await helpers.request({
			method: 'GET',
			uri: entered.baseUrl + path,
			headers,
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
		})) as Response;
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? String(error.code) : '';
		return { refusal: explainNetworkError(code) };
	}
}

function withKindOfKey({ message, description }: Explanation): Explanation {
	return {
		message,
		description: `${description}. A key from Kit’s own settings is another one, and does not work here`,
	};
}

/** @returns why Maton has no active connection for what was entered, as far as its list tells */
async function connectionProblem(
	ask: (path: string) => Promise<Response>,
	{ connectionId }: MatonKitCredentials,
): Promise<Explanation | undefined> {
	if (connectionId !== '' && !isUuid(connectionId)) {
		return {
			message: 'The Connection ID is malformed',
			description:
				'Maton’s look like 8b1f0c3e-5d27-4f96-a8e4-0d9c6b7a2f15. Copy it at maton.ai, or leave the field empty',
		};
	}
	const response = await ask('/connections?app=kit&limit=1000');
	const { connections } = ('body' in response && isRecord(response.body) ? response.body : {}) as {
		connections?: { connection_id?: string; status?: string }[];
	};
	if (!Array.isArray(connections)) return undefined;
	if (connections.length === 0) {
		return {
			message: 'This Maton API key has no Kit connection',
			description: 'Connect your Kit account at maton.ai, then test the credential again',
		};
	}
	const named = connections.find(({ connection_id: id }) => id === connectionId);
	const status = named?.status ?? connections.find((one) => one.status !== 'ACTIVE')?.status;
	if (connectionId !== '' && !named) {
		return {
			message: 'Maton has no Kit connection with this Connection ID for this key',
			description: `Correct the Connection ID, or leave it empty for the oldest one. The key has ${String(connections.length)}, shown at maton.ai`,
		};
	}
	return {
		message: `The Kit connection at Maton is not active (${status ?? 'unknown'})`,
		description: 'Authorize it at maton.ai, then test the credential again',
	};
}

function refused({ message, description }: { message: string; description: string }) {
	return { status: 'Error' as const, message: `${message}. ${description}` };
}
