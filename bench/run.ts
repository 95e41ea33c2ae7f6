import { cpus } from 'node:os';
import { loader } from '../test/support/n8n';
import { measureBulkTag } from './bulkTag';
import { measureDeclarative } from './declarative';
import { measureDelivery } from './delivery';
import { measureDistance } from './distance';
import { measureExports } from './exports';
import { measureLoad } from './load';
import { measurePackage } from './package';
import { measureProcesses } from './processes';
import type { Results } from './results';
import { tableOf } from './results';
import { measureReturnAll } from './returnAll';

type Measure = (modules: string, parts: readonly string[]) => Promise<Results[string]>;

const MEASUREMENTS: Record<string, Measure> = {
	returnAll: measureReturnAll,
	distance: measureDistance,
	bulkTag: measureBulkTag,
	declarative: measureDeclarative,
	export: measureExports,
	delivery: measureDelivery,
	load: measureLoad,
	package: measurePackage,
	processes: measureProcesses,
};

/**
 * Measures everything, or what is named, and prints it: a table, or JSON with `--json`. `distance.export` is
 * the export alone of what `distance` measures, and `export.million` that of 1,000,000 alone.
 */
async function run(modules: string, args: readonly string[]): Promise<void> {
	const named = args.filter((arg) => !arg.startsWith('-')).map((arg) => arg.split('.'));
	const unknown = named.map(([name = '']) => name).filter((name) => !(name in MEASUREMENTS));
	if (unknown.length > 0) {
		const known = Object.keys(MEASUREMENTS).join(', ');
		throw new Error(`There is no measurement ${unknown.join(', ')}, only ${known}`);
	}
	const [processor] = cpus();
	console.error(
		`Node ${process.version}, ${String(cpus().length)} × ${processor?.model ?? 'unknown'}`,
	);
	await loader.loadAll();
	const results: Results = {};
	for (const [name, measure] of Object.entries(MEASUREMENTS)) {
		const wanted = named.filter(([one]) => one === name);
		if (named.length > 0 && wanted.length === 0) continue;
		console.error(`Measuring ${name} ...`);
		const parts = wanted.flatMap(([, part]) => part ?? []);
		try {
			results[name] = await measure(modules, parts);
		} catch (error) {
			// Half an hour is not to be lost for one that fails.
			console.error(`Measuring ${name} failed:`, error);
			process.exitCode = 1;
		}
	}
	console.log(args.includes('--json') ? JSON.stringify(results) : tableOf(results));
}

const [, , modules = '', ...args] = process.argv;
run(modules, args).then(
	() => process.exit(),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
