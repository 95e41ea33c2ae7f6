import { once } from 'node:events';
import { withDeadline } from '../../nodes/shared/transport/deadline';

const untilStopped = async (signal: AbortSignal): Promise<never> => {
	await once(signal, 'abort');
	throw new Error('Stopped');
};

test('a request that takes too long is stopped', async () => {
	await expect(withDeadline(5, undefined, untilStopped)).rejects.toThrow('Stopped');
});

test('a request is stopped with its execution', async () => {
	const execution = new AbortController();
	const running = withDeadline(60_000, execution.signal, untilStopped);
	execution.abort();
	await expect(running).rejects.toThrow('Stopped');
});

test('what a request returns or throws in time is passed on', async () => {
	await expect(withDeadline(60_000, undefined, async () => await Promise.resolve(7))).resolves.toBe(
		7,
	);
	const failing = async () => await Promise.reject(new Error('No'));
	await expect(withDeadline(60_000, undefined, failing)).rejects.toThrow('No');
});
