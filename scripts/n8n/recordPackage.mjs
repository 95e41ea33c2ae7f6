// Run by the Node that runs n8n: unlike the oldest Node of this project, it has node:sqlite.
// Arguments: the database file, and the package as JSON (see `PackageRecord` in record.ts).

const BUSY_TIMEOUT_MS = 10_000;
const NOW = "STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')";

/**
 * What is used here of node:sqlite.
 * @typedef {{ run: (...values: (string | number | null)[]) => unknown }} Statement
 * @typedef {{ exec: (sql: string) => void, prepare: (sql: string) => Statement, close: () => void }} Database
 * @typedef {{ DatabaseSync: new (file: string) => Database }} Sqlite
 */

const [file = '', json = ''] = process.argv.slice(2);
const readRecord = /** @type {(text: string) => import('./record.js').PackageRecord} */ (
	JSON.parse
);
const { name, version, author, nodes } = readRecord(json);
const { DatabaseSync } = /** @type {Sqlite} */ (process.getBuiltinModule('node:sqlite'));

const database = new DatabaseSync(file);
database.exec(`PRAGMA busy_timeout = ${String(BUSY_TIMEOUT_MS)}`);
database.exec('BEGIN IMMEDIATE');
database.prepare('DELETE FROM installed_nodes WHERE package = ?').run(name);
database.prepare('DELETE FROM installed_packages WHERE packageName = ?').run(name);
database
	.prepare(
		'INSERT INTO installed_packages ' +
			'(packageName, installedVersion, authorName, authorEmail, createdAt, updatedAt) ' +
			`VALUES (?, ?, ?, ?, ${NOW}, ${NOW})`,
	)
	.run(name, version, author?.name ?? null, author?.email ?? null);
const addNode = database.prepare(
	'INSERT INTO installed_nodes (name, type, latestVersion, package) VALUES (?, ?, ?, ?)',
);
for (const node of nodes) addNode.run(node.name, node.type, node.latestVersion, name);
database.exec('COMMIT');
database.close();
