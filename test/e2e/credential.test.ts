import { n8n, useKit } from './support/n8n';

const { sandbox } = useKit();

async function testOf(data: Record<string, unknown>) {
	const type = 'matonKitApi';
	const credential = await n8n.rest.createCredential({ name: 'To be tested', type, data });
	return await n8n.rest.testCredential(credential, data);
}

test('the package is on the list of community nodes, with all its nodes', async () => {
	const [installed, ...others] = await n8n.rest.communityPackages();
	expect(others).toEqual([]);
	expect(installed?.installedNodes.map(({ type }) => type).sort()).toEqual([
		'n8n-nodes-maton-kit.kit',
		'n8n-nodes-maton-kit.kitPollingTrigger',
		'n8n-nodes-maton-kit.kitTrigger',
	]);
});

test('a credential that works is tested, and says which account it reached', async () => {
	const { status, message } = await testOf(sandbox.credential);
	expect(status).toBe('OK');
	expect(message).toContain('Ada Writes');
});

test('a credential with a wrong key is told apart', async () => {
	const { status, message } = await testOf({ ...sandbox.credential, apiKey: 'wrong' });
	expect(status).toBe('Error');
	expect(message).toContain('Maton did not accept the API key');
});
