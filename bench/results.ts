import type { Spread } from './spread';

/** What was measured: by measurement, then by value. */
export type Results = Record<string, Record<string, Spread>>;

/** A value that has an aim, and what it means. */
interface Aim {
	value: string;
	meaning: string;
	/** The median is to be at most this, or at least where it says so */
	aim?: number;
	atLeast?: true;
}

/** How late answers are, in milliseconds. */
const DISTANCES = [0, 250, 1000];

/** What takes many requests. */
const PATHS = {
	returnAll: 'Return All of 100,000',
	export: 'Export of 100,000',
	tagById: '10,000 taggings by ID',
	tagByEmail: '10,000 taggings by email',
	import: 'Import of 10,000 with a field and a tag',
	singleGets: '200 single gets',
	singleTags: '200 single taggings',
};

const AIMS: Aim[] = [
	{
		value: 'returnAll.vsHttpRequest',
		meaning: '100,000 subscribers, time against HTTP Request with Split Out',
		aim: 0.7,
	},
	{ value: 'returnAll.vsFetch', meaning: 'the same against a bare fetch loop', aim: 0.9 },
	{
		value: 'returnAll.farVsHttpRequest',
		meaning: '20,000 at answers of 250 ms, time against HTTP Request',
	},
	...DISTANCES.flatMap((ms) =>
		Object.entries(PATHS).map(([path, meaning]) => ({
			value: `distance.${path}${String(ms)}`,
			meaning: `${meaning}, answers after ${String(ms)} ms, share of what is allowed`,
			aim: 0.9,
			atLeast: true as const,
		})),
	),
	{ value: 'distance.refused', meaning: 'the most requests refused with 429, share', aim: 0.01 },
	...(['returnAll', 'tagById', 'tagByEmail', 'import'] as const).flatMap((path) =>
		DISTANCES.filter((ms) => ms > 0).map((ms) => ({
			value: `distance.${path}VsHttpRequest${String(ms)}`,
			meaning: `${PATHS[path]}, answers after ${String(ms)} ms, time against HTTP Request`,
			...(path === 'returnAll' && ms === 1000 && { aim: 0.15 }),
		})),
	),
	{ value: 'returnAll.cpuVsHttpRequest', meaning: 'processor time against HTTP Request' },
	{ value: 'returnAll.cpuVsFetch', meaning: 'processor time against fetch' },
	{ value: 'bulkTag.requests', meaning: '10,000 taggings, requests', aim: 100 },
	{
		value: 'bulkTag.speedup',
		meaning: 'the same, times faster than one request each',
		aim: 95,
		atLeast: true,
	},
	{
		value: 'declarative.cpuMsPerItem',
		meaning: 'CPU of an item with its request, ms',
		aim: 1,
	},
	{ value: 'declarative.cpuVsHttpRequest', meaning: 'the same against HTTP Request' },
	{ value: 'declarative.cpuMsWithoutRequest', meaning: 'CPU of an item beyond a bare request, ms' },
	{ value: 'declarative.longestBlockMs', meaning: '5,000 items, longest block of n8n, ms' },
	{
		value: 'export.peakMemoryMb',
		meaning: 'Export of 1,000,000, peak memory above idle, MB',
		aim: 150,
	},
	{ value: 'export.rowsPerSecond', meaning: 'the same, rows a second' },
	{
		value: 'export.threeMillionMb',
		meaning: 'Export of 3,000,000, peak memory above idle, MB',
		aim: 160,
	},
	{ value: 'export.bareRequestsMb', meaning: '3,000 requests of n8n for the same pages alone, MB' },
	{ value: 'export.tenInARowMb', meaning: 'ten of 1,000,000 in one process, MB', aim: 170 },
	{ value: 'export.inN8nMb', meaning: 'Export of 1,000,000 in a running n8n, MB', aim: 160 },
	{ value: 'export.inN8nFarMb', meaning: 'the same, answers after 1,000 ms, MB', aim: 160 },
	{ value: 'delivery.cpuMs', meaning: 'CPU of a signed delivery of 100 events, ms', aim: 5 },
	{ value: 'load.ms', meaning: 'loading both nodes and the credential, ms', aim: 40 },
	{ value: 'package.kB', meaning: 'size of the packed package, kB', aim: 200 },
	{
		value: 'processes.two',
		meaning: 'two processes with one key, share of the limit',
		aim: 0.9,
		atLeast: true,
	},
	{ value: 'processes.four', meaning: 'four processes', aim: 0.9, atLeast: true },
];

function shown(value: number): string {
	return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/**
 * @param results what was measured
 * @returns a table with the aim beside each value
 */
export function tableOf(results: Results): string {
	const rows = AIMS.flatMap(({ value, meaning, aim, atLeast }) => {
		const [group = '', name = ''] = value.split('.');
		const spread = results[group]?.[name];
		if (!spread) return [];
		const { median, min, max, n } = spread;
		const met = aim === undefined || (atLeast ? median >= aim : median <= aim);
		const wanted = aim === undefined ? '' : `${atLeast ? '≥' : '≤'} ${String(aim)}`;
		const range = n > 1 ? `${shown(min)} – ${shown(max)} (${String(n)})` : '';
		return [[value, shown(median), wanted + (met ? '' : ' missed'), range, meaning]];
	});
	const head = ['', 'median', 'aim', 'range (runs)', ''];
	const table = [head, ...rows];
	const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
	return table
		.map((row) =>
			row
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}
