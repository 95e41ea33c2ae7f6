/** Networks that the internet does not lead to (IANA's registries of special-purpose addresses). */
const SPECIAL_IPV4: readonly [string, number][] = [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 3],
];

/** Names that no public name server knows (IANA's registry of special-use domain names, and habit). */
const SPECIAL_NAME =
	/(^|\.)(localhost|local|internal|intranet|lan|home|corp|test|invalid|home\.arpa)$/;

function numberOf(ipv4: string): number {
	return ipv4.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isSpecialIpv4(address: string): boolean {
	const number = numberOf(address);
	return SPECIAL_IPV4.some(([network, bits]) => {
		const size = 2 ** (32 - bits);
		return Math.floor(number / size) === Math.floor(numberOf(network) / size);
	});
}

/** @param address as `URL` writes it, without its brackets */
function isSpecialIpv6(address: string): boolean {
	if (address === '::' || address === '::1') return true;
	const mapped = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
	if (mapped) {
		const [high = 0, low = 0] = mapped.slice(1).map((part) => Number.parseInt(part, 16));
		return isSpecialIpv4([high >> 8, high & 255, low >> 8, low & 255].join('.'));
	}
	// Whatever begins with 2 or 3 is global unicast, but for examples and the tunnels of old, 6to4 and Teredo.
	return !/^[23][0-9a-f]{3}:/.test(address) || /^(2001:db8:|2001:0?:|2002:)/.test(address);
}

/**
 * @param url of a webhook
 * @returns whether a server on the internet can be expected to reach it, as far as its host says
 */
export function isPublic(url: string): boolean {
	if (!URL.canParse(url)) return false;
	// URL writes all forms of an address alike, 0x7f.1 as 127.0.0.1 too.
	const host = new URL(url).hostname.replace(/\.$/, '').toLowerCase();
	if (host.startsWith('[')) return !isSpecialIpv6(host.slice(1, -1));
	if (/^\d+(\.\d+){3}$/.test(host)) return !isSpecialIpv4(host);
	return host.includes('.') && !SPECIAL_NAME.test(host);
}

/** The host and the path of a URL, in one form. */
function placeOf(url: string): string | undefined {
	if (!URL.canParse(url)) return undefined;
	const { hostname, port, pathname } = new URL(url);
	const path = pathname.replaceAll(/%[0-9a-f]{2}/gi, (code) =>
		String.fromCharCode(Number.parseInt(code.slice(1), 16)),
	);
	return `${hostname.replace(/\.$/, '')}:${port}${path.replace(/\/+$/, '')}`;
}

/**
 * @param url as Kit has it, which may write it in another form than it was told
 * @param webhookUrl of n8n
 * @returns whether it leads there, whatever its scheme and query are
 */
export function leadsTo(url: string, webhookUrl: string): boolean {
	const place = placeOf(url);
	return place !== undefined && place === placeOf(webhookUrl);
}

/** @returns whether both are of one host, so that the same n8n hears them */
export function isSameHost(one: string, other: string): boolean {
	return URL.canParse(one) && URL.canParse(other) && new URL(one).host === new URL(other).host;
}

/** @returns the value of a parameter in the query of a URL; empty where there is none */
export function queryOf(url: string, name: string): string {
	return URL.canParse(url) ? (new URL(url).searchParams.get(name) ?? '') : '';
}
