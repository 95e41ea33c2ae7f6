import fc from 'fast-check';
import { isPublic, leadsTo } from '../../nodes/KitTrigger/address';
import { kitNode } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import { TestTrigger } from '../support/trigger';

const sandbox = useSandbox();

const PRIVATE = [
	'localhost',
	'localhost:5678',
	'LOCALHOST',
	'localhost.',
	'n8n.localhost',
	'n8n',
	'n8n:5678',
	'host.docker.internal',
	'n8n.default.svc.cluster.local',
	'n8n.local',
	'nas.lan',
	'fritz.home.arpa',
	'n8n.corp',
	'n8n.test',
	'0.0.0.0',
	'10.1.2.3',
	'100.64.0.1',
	'100.127.255.255',
	'127.0.0.1',
	'127.1',
	'0x7f.1',
	'0177.0.0.1',
	'2130706433',
	'169.254.169.254',
	'172.16.0.1',
	'172.31.255.255',
	'192.168.1.5',
	'192.0.2.1',
	'198.18.0.1',
	'224.0.0.1',
	'255.255.255.255',
	'[::]',
	'[::1]',
	'[::ffff:127.0.0.1]',
	'[::ffff:10.0.0.1]',
	'[::ffff:a00:1]',
	'[64:ff9b::10.0.0.1]',
	'[fc00::1]',
	'[fd12:3456::1]',
	'[fe80::1]',
	'[ff02::1]',
	'[2001:db8::1]',
	'[2002:a00:1::]',
	'[2002:7f00:1::1]',
	'[2002:808:808::1]',
	'[2001::1]',
];

const PUBLIC = [
	'n8n.example.com',
	'N8N.Example.COM:8443',
	'10.example.com',
	'127.0.0.1.example.com',
	'local.example.com',
	'localhost.example.com',
	'internal-n8n.example.com',
	'xn--bcher-kva.example',
	'8.8.8.8',
	'11.0.0.1',
	'100.63.255.255',
	'100.128.0.1',
	'172.15.0.1',
	'172.32.0.1',
	'192.167.1.1',
	'0x08080808',
	'[2606:4700::1111]',
	'[::ffff:8.8.8.8]',
	'[64:ff9b::8.8.8.8]',
];

test.each(PRIVATE)('%s is not reached from the internet', (host) => {
	expect(isPublic(`https://${host}/webhook`)).toBe(false);
});

test.each(PUBLIC)('%s may be reached from the internet', (host) => {
	expect(isPublic(`https://${host}/webhook`)).toBe(true);
});

test.each(['', 'n8n', 'https://', 'not a url', 'https://[::g]/'])('“%s” is no address', (url) => {
	expect(isPublic(url)).toBe(false);
});

test('an address is judged alike in all the forms in which it can be written', () => {
	const byte = fc.nat(255);
	fc.assert(
		fc.property(byte, byte, byte, byte, (a, b, c, d) => {
			const number = ((a * 256 + b) * 256 + c) * 256 + d;
			const hex = (value: number) => value.toString(16);
			const [one = '', ...others] = [
				[a, b, c, d].join('.'),
				String(number),
				`0x${hex(number)}`,
				`0${number.toString(8)}`,
				[`0x${hex(a)}`, `0x${hex(b)}`, String(c * 256 + d)].join('.'),
				`[::ffff:${[a, b, c, d].join('.')}]`,
				`[0:0:0:0:0:ffff:${hex(a * 256 + b)}:${hex(c * 256 + d)}]`,
			].map((host) => `http://${host}/`);
			for (const other of others) expect(isPublic(other)).toBe(isPublic(one));
		}),
	);
});

describe.each([
	['classic', { events: ['subscriber.activated'], settings: { delivery: 'classic' } }],
	['signed', { events: ['subscriber.created'] }],
])('%s', (_, parameters) => {
	beforeAll(async () => {
		await kitNode();
	});

	test.each(PRIVATE)('a workflow at %s is refused before anything is sent', async (host) => {
		const node = new TestTrigger({
			parameters,
			credential: { ...sandbox.credential, baseUrl: 'https://gateway.example.com' },
			webhookBaseUrl: `http://${host}/webhook`,
		});
		const { origin } = new URL(`http://${host}`);
		await expect(node.activate(false)).rejects.toMatchObject({
			message: `Kit cannot reach this n8n at ${origin.replace(/\.?$/, '.')} Kit needs a public address to call. Set the environment variable WEBHOOK_URL of n8n to the one under which the internet reaches it.`,
		});
	});
});

const URL_OF_N8N = 'https://n8n.example.com/webhook/3f6c1a52/webhook';

test.each([
	URL_OF_N8N,
	`${URL_OF_N8N}/`,
	`${URL_OF_N8N}?token=abc`,
	`${URL_OF_N8N}/?token=abc&event=x#part`,
	'http://n8n.example.com/webhook/3f6c1a52/webhook',
	'HTTPS://N8N.EXAMPLE.COM/webhook/3f6c1a52/webhook',
	'https://n8n.example.com:443/webhook/3f6c1a52/webhook',
	'https://n8n.example.com./webhook/3f6c1a52/webhook',
	'https://n8n.example.com/%77ebhook/3f6c1a52/webhook',
	'https://n8n.example.com/webhook/./3f6c1a52/webhook',
])('%s leads to the webhook', (url) => {
	expect(leadsTo(url, URL_OF_N8N)).toBe(true);
});

test.each([
	'',
	'webhook/3f6c1a52/webhook',
	'https://n8n.example.com/webhook/3f6c1a53/webhook',
	'https://n8n.example.com/webhook/3f6c1a52/webhook2',
	'https://n8n.example.com/webhook-test/3f6c1a52/webhook',
	'https://n8n.example.com/webhook/3f6c1a52',
	'https://n8n.example.com/WEBHOOK/3f6c1a52/webhook',
	'https://n8n.example.com:8443/webhook/3f6c1a52/webhook',
	'https://staging.example.com/webhook/3f6c1a52/webhook',
	'https://example.com/?to=https://n8n.example.com/webhook/3f6c1a52/webhook',
])('%s leads elsewhere', (url) => {
	expect(leadsTo(url, URL_OF_N8N)).toBe(false);
});

test('a webhook is found again by any path, as Kit may write it', () => {
	const part = fc
		.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
		.filter((text) => !/^\.+$/.test(text));
	fc.assert(
		fc.property(part, part, (one, other) => {
			fc.pre(!/^(%2e)+$/i.test(one));
			const url = `https://n8n.example.com/${encodeURIComponent(one)}/webhook`;
			const lower = url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
			expect(leadsTo(lower, url)).toBe(true);
			expect(leadsTo(`${lower}/?token=${encodeURIComponent(other)}`, url)).toBe(true);
			const elsewhere = `https://n8n.example.com/${encodeURIComponent(other)}/webhook`;
			expect(leadsTo(elsewhere, url)).toBe(one === other);
		}),
	);
});
