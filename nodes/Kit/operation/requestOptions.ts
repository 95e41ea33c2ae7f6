import { NodeOperationError, UserError } from 'n8n-workflow';
import type { Parser } from '../../shared/fields/parsers';
import { boolean, number, text } from '../../shared/fields/parsers';
import type { HttpSettings } from '../../shared/transport/client';
import type { ItemContext } from './itemContext';

/** The options that n8n adds to every declarative node, as it keeps them; each may be an expression. */
interface RequestOptions {
	batching?: { batch?: { batchSize?: unknown; batchInterval?: unknown } };
	proxy?: unknown;
	timeout?: unknown;
	allowUnauthorizedCerts?: unknown;
}

function requestOptionsOf(item: ItemContext): RequestOptions {
	return item.getNodeParameter('requestOptions', {}) as RequestOptions;
}

/** @throws {NodeOperationError} that names the option and what would be right */
function read<T>(
	item: ItemContext,
	label: string,
	value: unknown,
	parser: Parser<T>,
): T | undefined {
	try {
		return parser(value, { timezone: '' });
	} catch (error) {
		const problem = error instanceof UserError ? error.message : 'is wrong';
		throw new NodeOperationError(item.getNode(), `${label} ${problem}`, {
			itemIndex: item.getItemIndex(),
		});
	}
}

/** Axios takes no longer time-outs, since Node's timers do not. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * @param item the context of an item
 * @returns the proxy, time-out and certificates that a person set for all requests of the node
 * @throws {NodeOperationError} that names the option that is wrong
 */
export function httpSettings(item: ItemContext): HttpSettings {
	const options = requestOptionsOf(item);
	const milliseconds = number({ min: 0, max: LONGEST_MS, decimals: false });
	const proxy = read(item, 'Proxy', options.proxy, proxyAddress);
	const timeout = read(item, 'Timeout', options.timeout, milliseconds);
	const anyCertificate = read(item, 'Ignore SSL Issues', options.allowUnauthorizedCerts, boolean);
	return {
		...(proxy && { proxy }),
		...(timeout && { timeout }),
		...(anyCertificate && { skipSslCertificateValidation: true }),
	};
}

const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

const proxyAddress: Parser<NonNullable<HttpSettings['proxy']>> = (value, context) => {
	const given = text(value, context);
	if (given === undefined) return undefined;
	const address = URL.canParse(given) ? new URL(given) : undefined;
	const defaultPort = DEFAULT_PORTS[address?.protocol ?? ''];
	if (!address?.hostname || defaultPort === undefined) {
		throw new UserError('must be an address such as http://username:password@my-proxy:3128');
	}
	const { hostname: host, port, protocol, username, password } = address;
	return {
		host,
		port: port === '' ? defaultPort : Number(port),
		protocol: protocol.replace(/:$/, ''),
		...(username && { auth: { username: decoded(username), password: decoded(password) } }),
	};
};

/** A password may hold a percent sign that is no beginning of a code. */
function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

/** How many items go together, and how long the pause after them is. */
export interface Batching {
	size: number;
	intervalMs: number;
}

/**
 * @param item the context of the first item
 * @returns the batches that a person set, or undefined where there are none
 * @throws {NodeOperationError} that names the option that is wrong
 */
export function batchingOf(item: ItemContext): Batching | undefined {
	const { batchSize, batchInterval } = requestOptionsOf(item).batching?.batch ?? {};
	const whole = number({ min: -1, max: LONGEST_MS, decimals: false });
	const size = read(item, 'Items per Batch', batchSize, whole) ?? 1;
	const intervalMs = read(item, 'Batch Interval', batchInterval, whole) ?? 0;
	if (intervalMs <= 0 || size < 0) return undefined;
	return { size: Math.max(size, 1), intervalMs };
}
