import { PassThrough, Readable } from 'node:stream';
import { readResponseBody } from '../../nodes/shared/transport/responseBody';

function pieces(...texts: (string | Buffer)[]): Readable {
	return Readable.from(
		texts.map((text) => Buffer.from(text)),
		{ objectMode: false },
	);
}

test('JSON comes in pieces, which may end within a character', async () => {
	const bytes = Buffer.from('{"name":"Zoë 🌍"}');
	const single = Array.from(bytes, (byte) => Buffer.from([byte]));
	expect(await readResponseBody(pieces(...single))).toEqual({ name: 'Zoë 🌍' });
});

test.each([
	['nothing', [], ''],
	['text', ['<html>', '</html>'], '<html></html>'],
	['cut off JSON', ['{"a":', '1'], '{"a":1'],
])('what is no JSON stays text: %s', async (_, texts, read) => {
	expect(await readResponseBody(pieces(...texts))).toBe(read);
});

test('what n8n has read already is taken as it is', async () => {
	expect(await readResponseBody({ a: 1 })).toEqual({ a: 1 });
});

test('a body that breaks off is an error', async () => {
	const stream = new PassThrough();
	stream.write('{"a":');
	const reading = readResponseBody(stream);
	stream.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
	await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
});
