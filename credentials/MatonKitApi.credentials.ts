import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

/**
 * One Maton API key, which opens every connection its owner made at Maton, and which of the Kit
 * connections to use. Tested by the Kit node (`nodes/shared/methods/credentialTest.ts`), which can say in words
 * what is wrong.
 */
export class MatonKitApi implements ICredentialType {
	name = 'matonKitApi';

	displayName = 'Maton Kit API';

	icon = { light: 'file:../icons/kit.svg', dark: 'file:../icons/kit.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-maton-kit/n8n-nodes-maton-kit#credential-step-by-step';

	properties: INodeProperties[] = [
		{
			displayName: 'Maton API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Opens every app that its owner connected at Maton, not only Kit',
			hint: 'From maton.ai/settings. Connect your Kit account at maton.ai first.',
		},
		{
			displayName: 'Connection ID',
			name: 'connectionId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 8b1f0c3e-5d27-4f96-a8e4-0d9c6b7a2f15',
			description:
				'Only needed when more than one Kit account is connected to Maton: without it, Maton uses the oldest active connection',
			hint: 'Optional: only for more than one Kit account at Maton. Maton shows it under Connections, and the Kit node with Connection → Get Many.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://api.maton.ai',
			description:
				'Where the Maton gateway answers. Change it only for a self-hosted or test gateway.',
		},
	];

	/**
	 * Adds the key, and the connection where one is chosen, to a request. A function rather than n8n's
	 * generic headers, because an empty `Maton-Connection` must not be sent.
	 * @param credentials the values of the fields above
	 * @param requestOptions the request as it stands
	 * @returns the request with Maton's headers
	 */
	async authenticate(
		{ apiKey, connectionId }: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const connection = typeof connectionId === 'string' ? connectionId.trim() : '';
		return await Promise.resolve({
			...requestOptions,
			headers: {
				...requestOptions.headers,
				Authorization: `Bearer ${typeof apiKey === 'string' ? apiKey.trim() : ''}`,
				...(connection && { 'Maton-Connection': connection }),
			},
		});
	}
}
