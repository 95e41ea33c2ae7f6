import { BlockList, isIP } from 'node:net';
import { invalid, textOf } from './route';
import type { KitSettings } from './route';

/** This machine. */
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** What the internet does not route. */
const internal = new BlockList();
for (const [network, prefix] of [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.168.0.0', 16],
] as const) {
	internal.addSubnet(network, prefix, 'ipv4');
}
internal.addAddress('::', 'ipv6');
internal.addSubnet('fc00::', 7, 'ipv6');
internal.addSubnet('fe80::', 10, 'ipv6');

function reachOf(host: string): 'public' | 'internal' | 'loopback' {
	const family = isIP(host);
	if (family > 0) {
		const type = family === 6 ? 'ipv6' : 'ipv4';
		if (loopback.check(host, type)) return 'loopback';
		return internal.check(host, type) ? 'internal' : 'public';
	}
	if (/(^|\.)localhost$/.test(host)) return 'loopback';
	return /\.(local|internal|lan)$/.test(host) || !host.includes('.') ? 'internal' : 'public';
}

function reachOfUrl({ hostname }: URL): ReturnType<typeof reachOf> {
	return reachOf(hostname.replace(/^\[|\]$/g, ''));
}

/** Whether a URL leads to this machine. */
export function isOnThisMachine(url: string): boolean {
	return URL.canParse(url) && reachOfUrl(new URL(url)) === 'loopback';
}

/**
 * Reads the URL of a webhook endpoint. Kit refuses private, internal and loopback ones.
 * @param value as it arrived
 * @param settings whether this machine is let pass
 */
export function endpointUrlIn(value: unknown, settings: KitSettings): string {
	const text = (textOf(value) ?? '').trim();
	if (text === '') throw invalid("url can't be blank");
	const url = URL.canParse(text) ? new URL(text) : undefined;
	const isWeb = url !== undefined && ['http:', 'https:'].includes(url.protocol);
	const reach = isWeb ? reachOfUrl(url) : 'internal';
	if (reach === 'public' || (reach === 'loopback' && settings.allowLoopbackWebhooks)) return text;
	throw invalid('url must be a public HTTP(S) URL');
}
