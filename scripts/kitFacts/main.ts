import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { KnownOperations, readTable, TABLE_FILE } from '../../sandbox/facts';
import type { Table } from '../../sandbox/facts/notation';
import { asSentence, errorCode, Failure } from '../failure';
import { differences } from './compare';
import type { Document } from './read';
import { factsOf } from './read';
import { tableOf } from './table';

const USAGE = `npm run kit-facts -- DOCUMENT [--write]

Compares Kit's OpenAPI document with the facts in sandbox/facts/kit.json, and prints what is new (+),
gone (-) or changed (~) in the document, and (!) what of the corrections and additions by hand no longer
fits it. Ends with 1 where anything is.

  --write   take what the document says; corrections.ts and additions.ts beside it stay as they are
`;

/** What stands in corrections.ts and additions.ts and does not fit the table, if anything. */
function misfit(table: Table): string[] {
	try {
		return new KnownOperations(table).names().length > 0 ? [] : ['! There is no operation'];
	} catch (error) {
		return [`! ${(error as Error).message}`];
	}
}

function documentAt(path: string): Document {
	try {
		const document = JSON.parse(readFileSync(path, 'utf8')) as Partial<Document>;
		if (document.paths === undefined) throw new Failure(`${path} is no OpenAPI document.`);
		return { ...document, paths: document.paths };
	} catch (error) {
		if (errorCode(error) === 'ENOENT') throw new Failure(`There is no file ${path}.`);
		if (error instanceof SyntaxError) throw new Failure(`${path} is not JSON.`);
		throw error;
	}
}

async function main(args: string[]): Promise<void> {
	const paths = args.filter((arg) => arg !== '--write');
	const [path] = paths;
	if (path === undefined || paths.length > 1 || path.startsWith('-')) {
		console.log(USAGE);
		process.exitCode = path === '--help' ? 0 : 2;
		return;
	}
	const table = tableOf(factsOf(documentAt(resolve(path))));
	const found = [...differences(readTable(), table), ...misfit(table)];
	for (const line of found) console.log(line);
	if (args.includes('--write')) {
		const options = { ...(await resolveConfig(TABLE_FILE)), filepath: TABLE_FILE };
		writeFileSync(TABLE_FILE, await format(JSON.stringify(table), options));
	} else if (found.length > 0) process.exitCode = 1;
	const count = `${String(Object.keys(table.operations).length)} operations`;
	console.log(`${count}, ${found.length === 0 ? 'no' : String(found.length)} differences`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(asSentence(error));
	process.exitCode = 2;
});
