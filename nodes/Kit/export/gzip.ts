/**
 * Read here and passed on piece by piece, since an error that a web stream ends with is reported as
 * unhandled where a stream of Node's is made of it directly.
 * @param chunks what is to be compressed
 * @returns it compressed, in pieces; what `chunks` throws, this throws
 */
export async function* gzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	const compressed = ReadableStream.from(chunks).pipeThrough(new CompressionStream('gzip'));
	for await (const chunk of compressed as ReadableStream<Uint8Array>) yield Buffer.from(chunk);
}
