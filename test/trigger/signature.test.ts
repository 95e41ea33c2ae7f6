import { createHmac } from 'node:crypto';
import {
	verifySignature,
	sameToken,
	tokenFor,
	TOLERANCE_SECONDS,
} from '../../nodes/KitTrigger/signature';

// A fixed delivery, signed by `openssl dgst -sha256 -hmac` outside of this code.
const SECRET = 'whsec_0123456789abcdef';
const BODY = Buffer.from('{"delivery_id":1,"events":[]}');
const TIME = 1_795_000_000;
const SIGNATURE = '9651784088137e7f0ad74246779fe94b26c069f9d43170945c99da586ff01200';
const HEADER = `t=${String(TIME)},v1=${SIGNATURE}`;

function signed(secret: string, body: Buffer | string, time = TIME): string {
	return createHmac('sha256', secret)
		.update(`${String(time)}.`)
		.update(body)
		.digest('hex');
}

describe('a delivery', () => {
	test('with the right signature is genuine', () => {
		expect(verifySignature(BODY, HEADER, SECRET, TIME)).toBeUndefined();
	});

	test.each([
		['5 minutes ago', TIME + TOLERANCE_SECONDS, undefined],
		['5 minutes ahead', TIME - TOLERANCE_SECONDS, undefined],
		['longer ago', TIME + TOLERANCE_SECONDS + 1, 'its signature is too old or from the future'],
		['further ahead', TIME - TOLERANCE_SECONDS - 1, 'its signature is too old or from the future'],
	])('signed %s', (_, now, expected) => {
		expect(verifySignature(BODY, HEADER, SECRET, now)).toBe(expected);
	});

	test('signed with two secrets during a rotation is genuine for either', () => {
		const other = signed('whsec_other', BODY);
		expect(
			verifySignature(BODY, `t=${String(TIME)},v1=${other},v1=${SIGNATURE}`, SECRET, TIME),
		).toBe(undefined);
		expect(
			verifySignature(BODY, `t=${String(TIME)},v1=${SIGNATURE},v1=${other}`, 'whsec_other', TIME),
		).toBeUndefined();
	});

	test('is checked over the bytes, not over what they mean', () => {
		const spaced = Buffer.from('{"delivery_id": 1, "events": []}');
		expect(verifySignature(spaced, HEADER, SECRET, TIME)).toBe('its signature does not match');
		const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]);
		const header = `t=${String(TIME)},v1=${signed(SECRET, bytes)}`;
		expect(verifySignature(bytes, header, SECRET, TIME)).toBeUndefined();
	});

	test.each([
		['another body', Buffer.from('{"delivery_id":2,"events":[]}'), HEADER],
		['an empty body', Buffer.alloc(0), HEADER],
		['another time', BODY, `t=${String(TIME + 1)},v1=${SIGNATURE}`],
		['another signature', BODY, `t=${String(TIME)},v1=${SIGNATURE.replace(/^./, 'f')}`],
		['the signature of another secret', BODY, `t=${String(TIME)},v1=${signed('whsec_x', BODY)}`],
	])('with %s does not match', (_, body, header) => {
		expect(verifySignature(body, header, SECRET, TIME)).toBe('its signature does not match');
	});

	test.each([
		['no header', undefined, 'its signature cannot be read'],
		['an empty header', '', 'has no signature'],
		['no time', `v1=${SIGNATURE}`, 'cannot be read'],
		['a time that is none', `t=now,v1=${SIGNATURE}`, 'cannot be read'],
		['no signature', `t=${String(TIME)}`, 'cannot be read'],
		['half a signature', `t=${String(TIME)},v1=${SIGNATURE.slice(0, 32)}`, 'cannot be read'],
		['a signature of another version', `t=${String(TIME)},v0=${SIGNATURE}`, 'cannot be read'],
	])('with %s is refused', (_, header, reason) => {
		expect(verifySignature(BODY, header, SECRET, TIME)).toContain(
			header === undefined ? 'it has no signature' : reason,
		);
	});

	test('is refused without a word of the secret', () => {
		expect(verifySignature(BODY, `t=1,v1=${SIGNATURE}`, SECRET, TIME)).not.toContain('whsec');
	});
});

describe('the token of a classic webhook', () => {
	test('is the same each time, another for each node and each key, and does not show the key', () => {
		expect(tokenFor('key', 'node')).toMatch(/^[0-9a-f]{32}$/);
		expect(tokenFor('key', 'node')).toBe(tokenFor('key', 'node'));
		expect(
			new Set([tokenFor('key', 'node'), tokenFor('key', 'b'), tokenFor('b', 'node')]).size,
		).toBe(3);
	});

	test.each([
		['abc', true],
		['abd', false],
		['ab', false],
		['', false],
		[undefined, false],
		[['abc'], false],
	])('%j is told from abc', (given, expected) => {
		expect(sameToken(given, 'abc')).toBe(expected);
	});
});
