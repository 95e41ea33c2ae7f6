import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../childEnvironment';

const run = promisify(execFile);

const MOST_BYTES = 256 * 1024 * 1024;

/** SQL with a question mark for each of the values. */
export type Statement = readonly [sql: string, ...values: (string | number | null)[]];

/** Where n8n's Node and data lie. */
export interface DatabasePlaces {
	/** The Node that runs n8n. */
	node: string;
	/** The folder n8n keeps its own `.n8n` in. */
	userFolder: string;
}

/**
 * @param userFolder the folder n8n keeps its own `.n8n` in
 * @returns the file of its SQLite database
 */
export function databaseFile(userFolder: string): string {
	return join(userFolder, '.n8n', 'database.sqlite');
}

/**
 * Runs SQL in n8n's SQLite database, all of it or nothing. n8n may be running.
 * @param places where n8n's Node and data lie; the database has been set up
 * @param statements what to run
 * @returns the rows of the last one
 * @throws {Error} when the database refuses it
 */
export async function runSql(
	{ node, userFolder }: DatabasePlaces,
	...statements: Statement[]
): Promise<Record<string, unknown>[]> {
	const args = [
		'--disable-warning=ExperimentalWarning',
		join(__dirname, 'runSql.mjs'),
		databaseFile(userFolder),
		JSON.stringify(statements),
	];
	const { stdout } = await run(node, args, { env: childEnvironment(), maxBuffer: MOST_BYTES });
	return JSON.parse(stdout) as Record<string, unknown>[];
}
