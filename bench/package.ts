import { join } from 'node:path';
import { npm } from '../scripts/npm';
import { repeat } from './spread';

const ROOT = join(__dirname, '..');

/** @returns the size of the package as it would be published, in kB */
export async function measurePackage() {
	return await repeat(1, async () => {
		const printed = await npm(['pack', '--dry-run', '--json', '--ignore-scripts'], {
			cwd: ROOT,
			log: join(ROOT, '.cache', 'pack.log'),
		});
		const [packed] = JSON.parse(printed) as { size: number }[];
		return { kB: (packed?.size ?? NaN) / 1000 };
	});
}
