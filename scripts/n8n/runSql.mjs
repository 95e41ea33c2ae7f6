// Run by the Node that runs n8n: unlike the oldest Node of this project, it has node:sqlite.
// Arguments: the database file, and the statements as JSON (see `Statement` in database.ts). It prints the
// rows of the last one as JSON.

const BUSY_TIMEOUT_MS = 10_000;

/**
 * What is used here of node:sqlite.
 * @typedef {{ all: (...values: (string | number | null)[]) => unknown[] }} Prepared
 * @typedef {{ exec: (sql: string) => void, prepare: (sql: string) => Prepared, close: () => void }} Database
 * @typedef {{ DatabaseSync: new (file: string) => Database }} Sqlite
 */

const [file = '', json = '[]'] = process.argv.slice(2);
const readStatements = /** @type {(text: string) => import('./database.js').Statement[]} */ (
	JSON.parse
);
const statements = readStatements(json);
const { DatabaseSync } = /** @type {Sqlite} */ (process.getBuiltinModule('node:sqlite'));

const database = new DatabaseSync(file);
database.exec(`PRAGMA busy_timeout = ${String(BUSY_TIMEOUT_MS)}`);
// A single statement is its own transaction, and some may stand in no other.
if (statements.length > 1) database.exec('BEGIN IMMEDIATE');
const results = statements.map(([sql, ...values]) => database.prepare(sql).all(...values));
if (statements.length > 1) database.exec('COMMIT');
database.close();
process.stdout.write(JSON.stringify(results.at(-1) ?? []));
