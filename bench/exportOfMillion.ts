import { measureExport } from './export';
import { sandboxProcess } from './sandbox';
import { repeat } from './spread';

const SUBSCRIBERS = 1_000_000;
const RUNS = 5;

/**
 * Exports 1,000,000 subscribers into a CSV file, each time in a process of its own, with the rate limit lifted.
 * @returns the most memory that it took above what the process had before, in MB, and its rows a second
 */
export async function measureExportOfMillion() {
	const sandbox = await sandboxProcess({ subscribers: SUBSCRIBERS });
	try {
		const { baseUrl: url, apiKey } = sandbox.credential;
		return await repeat(RUNS, async () => {
			const measured = await measureExport({
				...{ url, apiKey, format: 'csv', compress: false, paced: false },
			});
			const { subscribers, seconds, idleMb, peakMb } = measured;
			if (subscribers !== SUBSCRIBERS) throw new Error(`${String(subscribers)} rows came`);
			return { peakMemoryMb: peakMb - idleMb, rowsPerSecond: subscribers / seconds };
		});
	} finally {
		sandbox.stop();
	}
}
