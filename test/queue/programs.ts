import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../../scripts/childEnvironment';
import { Failure } from '../../scripts/failure';
import { withProgress } from '../../scripts/progress';

const run = promisify(execFile);

/** Debian keeps the programs of Postgres off the path, in a folder for each version. */
const DEBIAN_POSTGRES = '/usr/lib/postgresql';

const DEBIAN_PACKAGES = ['redis-server', 'postgresql'];

/** The folders that hold Redis' and Postgres' programs. */
export interface Programs {
	redis: string;
	postgres: string;
}

async function folderWith(programs: readonly string[]): Promise<string | undefined> {
	const versions = (await readdir(DEBIAN_POSTGRES).catch(() => [])).sort(
		(one, other) => Number(other) - Number(one),
	);
	const folders = [
		...(process.env.PATH ?? '').split(delimiter),
		...versions.map((version) => join(DEBIAN_POSTGRES, version, 'bin')),
	];
	return folders.find((folder) => programs.every((program) => existsSync(join(folder, program))));
}

async function installed(): Promise<Programs | undefined> {
	const redis = await folderWith(['redis-server', 'redis-cli']);
	const postgres = await folderWith(['initdb', 'postgres', 'pg_isready', 'psql']);
	return redis === undefined || postgres === undefined ? undefined : { redis, postgres };
}

/**
 * Finds Redis and Postgres, and installs Debian's packages of them where that can be done.
 * @returns where their programs lie
 * @throws {Failure} when they are missing and cannot be installed, with what to do
 */
export async function findPrograms(): Promise<Programs> {
	const there = await installed();
	if (there) return there;
	let reason = 'they can be installed here only by root, with apt-get';
	if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
		const env = { ...childEnvironment(), DEBIAN_FRONTEND: 'noninteractive' };
		try {
			await withProgress('Installing Redis and Postgres', async () => {
				await run('apt-get', ['update'], { env });
				await run('apt-get', ['install', '-y', ...DEBIAN_PACKAGES], { env });
			});
		} catch (error) {
			reason = error instanceof Error ? error.message : String(error);
		}
		const now = await installed();
		if (now) return now;
	}
	throw new Failure(
		`n8n's queue mode needs Redis and Postgres, and not both are installed: ${reason}. ` +
			`On Debian or Ubuntu run "sudo apt-get install ${DEBIAN_PACKAGES.join(' ')}"; elsewhere ` +
			'install both, so that redis-server, redis-cli, initdb, postgres, pg_isready and psql are on the path.',
	);
}
