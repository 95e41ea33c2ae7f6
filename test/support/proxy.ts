import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';

/** A proxy as companies have them. */
export interface TestProxy {
	url: string;
	/** The requests that went through it, and the tunnels */
	readonly passed: string[];
	close(): Promise<void>;
}

/** Starts a proxy that passes everything on and writes it down. */
export async function startProxy(): Promise<TestProxy> {
	const passed: string[] = [];
	const server = createServer((request, response) => {
		passed.push(`${String(request.method)} ${String(request.url)}`);
		const { method, headers, url = '' } = request;
		const onward = httpRequest(url, { method, headers }, (answer) => {
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(response);
		});
		onward.on('error', () => response.destroy());
		request.pipe(onward);
	});
	server.on('connect', (request, socket, head: Buffer) => {
		passed.push(`CONNECT ${String(request.url)}`);
		const [host = '', port = ''] = (request.url ?? '').split(':');
		const onward = connect(Number(port), host, () => {
			socket.write('HTTP/1.1 200 OK\r\n\r\n');
			onward.write(head);
			onward.pipe(socket).pipe(onward);
		});
		onward.on('error', () => socket.destroy());
		socket.on('error', () => onward.destroy());
	});
	const sockets = new Set<Socket>();
	server.on('connection', (socket) => sockets.add(socket));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${String(port)}`,
		passed,
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
