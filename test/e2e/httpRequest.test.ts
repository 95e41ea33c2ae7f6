import { itemsOf } from '../../scripts/n8n/rest';
import { node, useKit } from './support/n8n';

const maton = useKit();

/** n8n's own HTTP Request node, with the credential of this package. */
function httpRequest(parameters: Record<string, unknown>) {
	const { id, name } = maton.credential;
	return node(
		'HTTP Request',
		'n8n-nodes-base.httpRequest',
		4.2,
		{
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'matonKitApi',
			...parameters,
		},
		{ credentials: { matonKitApi: { id, name } } },
	);
}

test.each(['account', 'subscribers', 'tags', 'email_templates', 'webhook_endpoints'])(
	"n8n's HTTP Request node reads /v4/%s with this credential",
	async (path) => {
		const url = `${maton.sandbox.current.url}/kit/v4/${path}`;
		const execution = await maton.run([httpRequest({ url })]);
		expect(execution.status).toBe('success');
		const answer = await maton.sandbox.ask('GET', `/kit/v4/${path}`);
		expect(itemsOf(execution, 'HTTP Request').map(({ json }) => json)).toEqual([answer]);
	},
);

test("n8n's HTTP Request node writes to Kit with this credential", async () => {
	const execution = await maton.run([
		httpRequest({
			method: 'POST',
			url: `${maton.sandbox.current.url}/kit/v4/bulk/tags`,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '{ "tags": [{ "name": "By hand" }] }',
		}),
	]);
	expect(execution.status).toBe('success');
	const { tags } = await maton.sandbox.ask('GET', '/kit/v4/tags');
	expect(tags).toContainEqual(expect.objectContaining({ name: 'By hand' }));
});
