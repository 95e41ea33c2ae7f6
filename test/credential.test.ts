import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CredentialTestContext } from 'n8n-core';
import type { ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';
import { kitNode, loader } from './support/n8n';
import { SMOOTH, useSandbox } from './support/sandbox';

const sandbox = useSandbox({}, SMOOTH);

/** Tests a credential as n8n does when a person saves it. */
async function tested(data: Record<string, string>): Promise<INodeCredentialTestResult> {
	const kit = await kitNode();
	const name = kit.description.credentials?.[0]?.testedBy as string;
	const tester = kit.methods?.credentialTest?.[name];
	if (!tester) throw new Error('The credential has no test');
	const credential: ICredentialsDecrypted = { id: '1', name: '', type: 'matonKitApi', data };
	return await tester.call(new CredentialTestContext({} as never), credential);
}

describe('the credential', () => {
	test.each([
		['without a connection id', '', { Authorization: 'Bearer key' }],
		['with spaces for a connection id', '  ', { Authorization: 'Bearer key' }],
		['with a connection id', 'c1', { Authorization: 'Bearer key', 'Maton-Connection': 'c1' }],
	])('sends its headers %s', async (_, connectionId, headers) => {
		await kitNode();
		const { authenticate } = loader.getCredential('matonKitApi').type;
		if (typeof authenticate !== 'function') throw new Error('authenticate is no function');
		const request = await authenticate({ apiKey: ' key ', connectionId }, { url: '/' });
		expect(request).toEqual({ url: '/', headers });
	});

	test('keeps the key out of sight', async () => {
		await kitNode();
		const { properties } = loader.getCredential('matonKitApi').type;
		const key = properties.find(({ name }) => name === 'apiKey');
		expect(key?.typeOptions?.password).toBe(true);
	});
});

describe('its test', () => {
	test('names the account it reached', async () => {
		expect(await tested(sandbox.credential)).toEqual({
			status: 'OK',
			message: 'Connected to the Kit account “Ada Writes”',
		});
	});

	test('reaches the account of the connection id', async () => {
		const connectionId = sandbox.current.connections.second;
		const { status, message } = await tested({ ...sandbox.credential, connectionId });
		expect(status).toBe('OK');
		expect(message).not.toContain('Ada Writes');
	});

	test('does not mind a slash at the end of the base URL', async () => {
		const baseUrl = `${sandbox.credential.baseUrl}//`;
		expect((await tested({ ...sandbox.credential, baseUrl })).status).toBe('OK');
	});

	test.each([
		['key', { apiKey: 'wrong' }, 'Maton did not accept the API key'],
		['key of Kit’s own', { apiKey: 'kit_1f0c' }, 'A key from Kit’s own settings is another one'],
		['key with its header', { apiKey: 'Bearer maton-demo-key' }, 'without the word “Bearer”'],
		['key without Kit', { apiKey: 'maton-demo-key-without-kit' }, 'key has no Kit connection'],
		[
			'connection id',
			{ connectionId: '00000000-0000-4000-8000-000000000000' },
			'no Kit connection with this Connection ID for this key. Correct the Connection ID',
		],
		['form of the connection id', { connectionId: 'Ada Writes' }, 'Connection ID must be one word'],
		['part of the connection id', { connectionId: '8b1f0c3e' }, 'The Connection ID is malformed'],
		[
			'connection that has expired',
			{ connectionId: 'c45a9d16-e7f8-4021-b3d9-518c0a6e7f43' },
			'authorisation of the Kit connection has expired',
		],
		['base URL where nothing answers', { baseUrl: 'http://127.0.0.1:1' }, 'check the Base URL'],
		['base URL whose name is unknown', { baseUrl: 'http://maton.invalid' }, 'could not be reached'],
		['base URL that is none', { baseUrl: 'maton' }, 'is not an address'],
		['base URL that is empty', { baseUrl: '' }, 'is not an address'],
		['base URL with Kit’s path', { baseUrl: 'https://api.maton.ai/kit/v4/' }, 'end before /kit'],
		['base URL with /kit', { baseUrl: 'https://api.maton.ai/KIT' }, 'end before /kit'],
	])('says that the %s is wrong', async (_, wrong, sentence) => {
		const { status, message } = await tested({ ...sandbox.credential, ...wrong });
		expect(status).toBe('Error');
		expect(message).toContain(sentence);
	});

	test('says that the connection still has to be authorized', async () => {
		const { connection } = (await sandbox.ask('POST', '/connections', { app: 'kit' })) as {
			connection: { connection_id: string };
		};
		const { connection_id: connectionId } = connection;
		const { status, message } = await tested({ ...sandbox.credential, connectionId });
		expect(status).toBe('Error');
		expect(message).toBe(
			'The Kit connection at Maton is not active (PENDING). Authorize it at maton.ai, then test the credential again',
		);
	});

	test.each([
		[
			'says that something else answers',
			200,
			'<html>Hello</html>',
			'Something other than the Maton',
		],
		['doubts the path', 404, '{"errors":["Not Found"]}', 'The gateway does not know this address'],
	])('%s at the base URL', async (_, status, body, sentence) => {
		const server = createServer((_request, response) => {
			response.writeHead(status, { 'content-type': 'application/json' }).end(body);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const baseUrl = `http://127.0.0.1:${String(port)}`;
		const answer = await tested({ ...sandbox.credential, baseUrl });
		server.close();
		expect(answer.status).toBe('Error');
		expect(answer.message).toContain(sentence);
	});
});
