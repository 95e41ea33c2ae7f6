import fc from 'fast-check';
import { open, seal } from '../../nodes/KitTrigger/sealedSecret';

const hexDigit = fc.nat(15).map((digit) => digit.toString(16));

const secrets = fc.oneof(
	fc.string({ unit: hexDigit, minLength: 16, maxLength: 64 }).map((text) => `whsec_${text}`),
	fc.base64String({ minLength: 16, maxLength: 64 }).map((text) => `whsec_${text}`),
	fc.string({ unit: 'grapheme', minLength: 16, maxLength: 40 }),
);

const endpoints = fc.record({ id: fc.integer({ min: 1, max: 1e10 }), secret: secrets });

const names = fc.string({ minLength: 1 });

test('what is sealed is opened again, with the same key and for the same node only', () => {
	fc.assert(
		fc.property(endpoints, names, names, names, (endpoint, key, node, other) => {
			fc.pre(other !== key && other !== node);
			const sealed = seal(key, node, endpoint);
			expect(open(key, node, sealed)).toEqual(endpoint);
			expect(open(other, node, sealed)).toBeUndefined();
			expect(open(key, other, sealed)).toBeUndefined();
		}),
	);
});

test('it can stand in a URL, and says nothing, not even that it is the same', () => {
	fc.assert(
		fc.property(endpoints, names, (endpoint, key) => {
			const sealed = seal(key, 'node', endpoint);
			expect(sealed).toMatch(/^[\w-]+$/);
			expect(seal(key, 'node', endpoint)).not.toBe(sealed);
			expect(Buffer.from(sealed, 'base64url').includes(endpoint.secret)).toBe(false);
		}),
	);
});

test('a secret of Kit’s makes the URL longer by less than a hundred characters', () => {
	const secret = `whsec_${'0123456789abcdef'.repeat(4)}`;
	expect(seal('key', 'node', { id: 9_999_999_999, secret }).length).toBeLessThan(110);
});

test('whatever is changed in it, it is not opened', () => {
	const changes = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }));
	fc.assert(
		fc.property(endpoints, changes, fc.nat(), (endpoint, [at, by], cut) => {
			const bytes = Buffer.from(seal('key', 'node', endpoint), 'base64url');
			const changed = Buffer.from(bytes);
			changed[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ by;
			expect(open('key', 'node', changed.toString('base64url'))).toBeUndefined();
			const shorter = bytes.subarray(0, cut % bytes.length).toString('base64url');
			expect(open('key', 'node', shorter)).toBeUndefined();
		}),
	);
});

test('anything else is not opened either', () => {
	const urlSafe = fc.base64String({ maxLength: 500 }).map((text) => text.replaceAll(/[+/=]/g, '-'));
	fc.assert(
		fc.property(fc.oneof(fc.anything(), fc.string(), urlSafe), (value) => {
			expect(open('key', 'node', value)).toBeUndefined();
		}),
	);
});
