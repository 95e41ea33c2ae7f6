import { chmod, lstat, mkdir, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

const OF_OWNER = 0o700;

/** From the top, so that nothing below can be reached meanwhile. */
async function closeToOthers(path: string): Promise<void> {
	const found = await lstat(path);
	if (found.isSymbolicLink()) return;
	await chmod(path, found.mode & OF_OWNER);
	if (!found.isDirectory()) return;
	for (const name of await readdir(path)) await closeToOthers(join(path, name));
}

/**
 * Makes a folder that only its owner can read, or takes everybody else's rights to one that is there and to
 * all that is in it. What symbolic links in it lead to stays as it is.
 * @param folder its path
 */
export async function makePrivate(folder: string): Promise<void> {
	await mkdir(folder, { recursive: true, mode: OF_OWNER });
	await closeToOthers(await realpath(folder));
}
