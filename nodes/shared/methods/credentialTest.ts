import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { MatonKitApi } from '../../../credentials/MatonKitApi.credentials';
import type { MatonKitCredentials } from '../transport/credentials';
import { readCredentials } from '../transport/credentials';
import { explainNetworkError, explainStatus } from '../transport/errors';

const PATH = '/kit/v4/account';

/**
 * Asks Kit for the account, which proves the key, the connection and the base URL together.
 * n8n gives credential tests no HTTP helper but `request`, which takes the options of the old
 * `request` library.
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
	const { headers } = await new MatonKitApi().authenticate({ ...entered }, { url: PATH });
	const { helpers } = this;
	let response: { statusCode: number; body: unknown };
	try {
		response = (await helpers.request({
			method: 'GET',
			uri: entered.baseUrl + PATH,
			headers,
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
		})) as typeof response;
	} catch (error) {
		return refused(
			explainNetworkError(error instanceof Error && 'code' in error ? String(error.code) : ''),
		);
	}
	const { statusCode: status, body } = response;
	if (status < 200 || status > 299) {
		return refused(explainStatus({ status, body, method: 'GET', path: PATH }));
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

function refused({ message, description }: { message: string; description: string }) {
	return { status: 'Error' as const, message: `${message}. ${description}` };
}
