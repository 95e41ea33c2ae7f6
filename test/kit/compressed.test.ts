import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { runKit } from '../support/n8n';

const ACCOUNT = JSON.stringify({ user: { email: 'ada@example.com' }, account: { name: 'Zoë' } });

/** Kit's servers may compress what they send, which the sandbox does not. */
test.each([
	['gzip', gzipSync],
	['br', brotliCompressSync],
	['deflate', deflateSync],
] as const)('an answer that is compressed with %s is read', async (encoding, compress) => {
	const server = createServer((request, response) => {
		expect(request.headers['accept-encoding']).toContain(encoding);
		response.setHeader('content-encoding', encoding);
		response.end(compress(ACCOUNT));
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const { json, error } = await runKit({
		credential: {
			apiKey: 'compressed',
			connectionId: '',
			baseUrl: `http://127.0.0.1:${String(port)}`,
		},
		parameters: { resource: 'account', operation: 'get' },
	});
	server.close();
	expect(error).toBeUndefined();
	expect(json).toMatchObject([{ account: { name: 'Zoë' } }]);
});
