import { NodeOperationError } from 'n8n-workflow';
import type { HttpSettings } from '../../shared/transport/client';
import type { ItemContext } from './itemContext';

/** The options that n8n adds to every declarative node, as it keeps them. */
interface RequestOptions {
	batching?: { batch?: { batchSize?: number; batchInterval?: number } };
	proxy?: string;
	timeout?: number;
	allowUnauthorizedCerts?: boolean;
}

function requestOptionsOf(item: ItemContext): RequestOptions {
	return item.getNodeParameter('requestOptions', {}) as RequestOptions;
}

/**
 * @param item the context of an item
 * @returns the proxy, time-out and certificates that a person set for all requests of the node
 * @throws {NodeOperationError} when the proxy is no address
 */
export function httpSettings(item: ItemContext): HttpSettings {
	const { proxy, timeout, allowUnauthorizedCerts } = requestOptionsOf(item);
	return {
		...(proxy && { proxy: readProxy(item, proxy) }),
		...(timeout && { timeout }),
		...(allowUnauthorizedCerts && { skipSslCertificateValidation: true }),
	};
}

const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

function readProxy(item: ItemContext, proxy: string): HttpSettings['proxy'] {
	const address = URL.canParse(proxy.trim()) ? new URL(proxy.trim()) : undefined;
	const defaultPort = DEFAULT_PORTS[address?.protocol ?? ''];
	if (!address?.hostname || defaultPort === undefined) {
		throw new NodeOperationError(item.getNode(), 'Proxy must be an address', {
			itemIndex: item.getItemIndex(),
			description: 'It looks like http://username:password@my-proxy:3128',
		});
	}
	const { hostname: host, port, protocol, username, password } = address;
	return {
		host,
		port: port === '' ? defaultPort : Number(port),
		protocol: protocol.replace(/:$/, ''),
		...(username && {
			auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
		}),
	};
}

/** How many items go together, and how long the pause after them is. */
export interface Batching {
	size: number;
	intervalMs: number;
}

/**
 * @param item the context of the first item
 * @returns the batches that a person set, or undefined where there are none
 */
export function batchingOf(item: ItemContext): Batching | undefined {
	const { batchSize = 0, batchInterval = 0 } = requestOptionsOf(item).batching?.batch ?? {};
	if (batchInterval <= 0 || batchSize < 0) return undefined;
	return { size: Math.max(batchSize, 1), intervalMs: batchInterval };
}
