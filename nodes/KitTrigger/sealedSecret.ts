import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'crypto';

/** A signed endpoint at Kit, and what its deliveries are signed with. */
export interface EndpointSecret {
	id: number;
	/** `whsec_...`, which Kit tells once */
	secret: string;
}

const CIPHER = 'aes-256-gcm';

const NONCE_BYTES = 12;

const TAG_BYTES = 16;

const PREFIX = 'whsec_';

function keyFor(apiKey: string, node: string): Buffer {
	return createHmac('sha256', apiKey).update(`secret of webhook ${node}`).digest();
}

/** As few bytes as the secret allows, since the URL that carries them should stay short. */
function pack({ id, secret }: EndpointSecret): Buffer {
	const rest = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
	const isHex = rest.length > 0 && rest.length % 2 === 0 && /^[0-9a-f]+$/.test(rest);
	const body = isHex ? Buffer.from(rest, 'hex') : Buffer.from(secret, 'utf8');
	return Buffer.concat([Buffer.from(`${String(id)}${isHex ? 'h' : 't'}`), body]);
}

function unpack(bytes: Buffer): EndpointSecret | undefined {
	const head = /^(\d+)([ht])/.exec(bytes.subarray(0, 20).toString('latin1'));
	if (!head) return undefined;
	const body = bytes.subarray(head[0].length);
	const secret = head[2] === 'h' ? PREFIX + body.toString('hex') : body.toString('utf8');
	return { id: Number(head[1]), secret };
}

/**
 * Seals an endpoint's secret for the URL to which Kit posts, so that each delivery brings what it is
 * verified with: n8n keeps nothing that an older copy of static data could undo. It says nothing to
 * who does not have the Maton key, and nobody else can make one.
 * @param apiKey the Maton key
 * @param node what no other trigger has: n8n's id of its webhook
 * @param endpoint whose secret it is
 * @returns letters, digits, `-` and `_`, about 95 of them
 */
export function seal(apiKey: string, node: string, endpoint: EndpointSecret): string {
	const nonce = randomBytes(NONCE_BYTES);
	const cipher = createCipheriv(CIPHER, keyFor(apiKey, node), nonce);
	const sealed = Buffer.concat([cipher.update(pack(endpoint)), cipher.final()]);
	return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/**
 * @param apiKey the Maton key
 * @param node n8n's id of the trigger's webhook
 * @param sealed what a URL carries, whoever wrote it
 * @returns what was sealed for this node with this key; undefined for anything else
 */
export function open(apiKey: string, node: string, sealed: unknown): EndpointSecret | undefined {
	if (typeof sealed !== 'string' || !/^[\w-]{50,400}$/.test(sealed)) return undefined;
	const bytes = Buffer.from(sealed, 'base64url');
	const decipher = createDecipheriv(CIPHER, keyFor(apiKey, node), bytes.subarray(0, NONCE_BYTES));
	decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
	try {
		const rest = bytes.subarray(NONCE_BYTES + TAG_BYTES);
		return unpack(Buffer.concat([decipher.update(rest), decipher.final()]));
	} catch {
		return undefined;
	}
}
