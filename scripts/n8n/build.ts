import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from '../npm';
import { withProgress } from '../progress';

/** What the package is built of. */
const SOURCES = [
	...['nodes', 'credentials', 'icons', 'gulpfile.js', 'tsconfig.json', 'tsconfig.build.json'],
	...['package.json', 'package-lock.json'],
];

/** A digest of files and folders of the project, by name and content; what is missing counts as empty. */
async function digestOf(project: string, paths: readonly string[]): Promise<string> {
	const digest = createHash('sha256');
	for (const path of paths) {
		const inside = await readdir(join(project, path), { recursive: true }).catch(() => ['']);
		for (const name of inside.sort()) {
			const content = await readFile(join(project, path, name)).catch(() => '');
			digest.update(`${join(path, name)}\0${String(content.length)}\0`).update(content);
		}
	}
	return digest.digest('hex');
}

/**
 * Builds the project, unless `dist` is what was built of the same sources.
 * @param project its folder
 * @param signal ends the build when aborted
 * @throws {Failure} when it does not build, with the compiler's last lines
 */
export async function buildPackage(project: string, signal: AbortSignal): Promise<void> {
	const cache = join(project, '.cache');
	const marker = join(cache, 'built');
	const sources = await digestOf(project, SOURCES);
	const state = async () => `${sources} ${await digestOf(project, ['dist'])}`;
	if ((await readFile(marker, 'utf8').catch(() => undefined)) === (await state())) return;
	await withProgress('Building the package', async () => {
		await npm(['run', 'build'], { cwd: project, log: join(cache, 'build.log'), signal });
	});
	// Of the sources as they were before: they may have changed meanwhile.
	await writeFile(marker, await state());
}
