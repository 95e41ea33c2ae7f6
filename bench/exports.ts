import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { enter, saveDemoCredential } from '../scripts/n8n/demo';
import { prepareN8n } from '../scripts/n8n/prepare';
import { startN8n } from '../scripts/n8n/process';
import { freePort } from '../scripts/port';
import type { ExportOrder } from './export';
import { measureExport, peakDuring } from './export';
import type { SandboxProcess } from './sandbox';
import { sandboxProcess } from './sandbox';
import type { Spread } from './spread';
import { repeat, spreadOf } from './spread';

const MILLION = 1_000_000;
const RUNS = 5;
/** How late the answers of a server far away are. */
const FAR_MS = 1000;
const PATIENCE_MS = 20 * 60_000;

const PARAMETERS = { resource: 'subscriber', operation: 'export', filters: { status: 'all' } };

/** Exports in n8n's engine, with the rate limit lifted. */
async function measureInEngine(
	{ credential }: SandboxProcess,
	subscribers: number,
	times = 1,
	by: ExportOrder['by'] = 'node',
) {
	const { baseUrl: url, apiKey } = credential;
	const measured = await measureExport({ url, apiKey, by, subscribers, times });
	const { subscribers: count, seconds, peakMb } = measured;
	if (count !== times * subscribers) throw new Error(`${String(count)} rows came`);
	return { peakMb, rowsPerSecond: count / seconds };
}

/**
 * Exports in an n8n as people run it, at the pace that Maton allows. A small export comes before. Each has an
 * n8n of its own, since what one took stays with n8n, and the next would seem to take nothing.
 * @param latencyMs how late the answers are
 */
async function measureInN8n(sandbox: SandboxProcess, latencyMs: number): Promise<Spread> {
	const userFolder = mkdtempSync(join(tmpdir(), 'n8n-export-'));
	const { signal } = new AbortController();
	const prepared = await prepareN8n({ project: resolve(__dirname, '..'), userFolder, signal });
	const n8n = await startN8n({
		installed: prepared.installed,
		...{ userFolder, signal, port: await freePort(), log: join(userFolder, 'n8n.log') },
	});
	try {
		await enter(n8n.rest, userFolder);
		const { id, name } = await saveDemoCredential(n8n.rest, sandbox.credential);
		const run = async (parameters: object) => {
			const node = { typeVersion: 1, position: [0, 0] as [number, number] };
			const workflow = await n8n.rest.createWorkflow({
				name: 'Export',
				nodes: [
					{ ...node, id: '1', name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {} },
					{
						...{ ...node, id: '2', name: 'Kit', type: `${prepared.community.name}.kit` },
						parameters: { ...PARAMETERS, ...parameters },
						credentials: { matonKitApi: { id, name } },
					},
				],
				connections: { Start: { main: [[{ node: 'Kit', type: 'main', index: 0 }]] } },
			});
			const { status } = await n8n.rest.runWorkflow(workflow.id, 'Start', PATIENCE_MS);
			if (status !== 'success') throw new Error(`The export in n8n ended with ${status}`);
		};
		const query = 'status=all&per_page=1';
		const { subscribers } = await sandbox.ask('GET', `/kit/v4/subscribers?${query}`);
		const [{ created_at: newest = '' } = {}] = subscribers as { created_at?: string }[];
		await run({ filters: { status: 'all', created_after: newest.slice(0, 10) } });
		await sandbox.ask('PUT', '/_sandbox/settings', { latencyMs });
		const { peakMb } = await peakDuring(n8n.pid, async () => {
			await run({});
		});
		return spreadOf([peakMb]);
	} finally {
		await n8n.stop();
		rmSync(userFolder, { recursive: true, force: true });
	}
}

/**
 * Exports subscribers into CSV files: 1,000,000 several times, each in a process of its own; 3,000,000, and
 * beside it bare requests for the same pages; ten times 1,000,000 in one process; and 1,000,000 in a running
 * n8n.
 * @param only which of these: `million`, `threeMillion`, `tenInARow`, `inN8n`; all if there are none
 * @returns the most memory that each took above what the process had before, in MB, and rows a second
 */
export async function measureExports(_: string, only: readonly string[] = []) {
	const wants = (part: string) => only.length === 0 || only.includes(part);
	const values: Record<string, Spread> = {};
	const withSandbox = async (
		subscribers: number,
		measure: (sandbox: SandboxProcess) => Promise<void>,
	) => {
		const sandbox = await sandboxProcess({ subscribers });
		try {
			await measure(sandbox);
		} finally {
			sandbox.stop();
		}
	};
	const keep = async (part: string, measure: () => Promise<Record<string, Spread>>) => {
		if (!wants(part)) return;
		try {
			Object.assign(values, await measure());
		} catch (error) {
			// What was measured before is not to be lost.
			console.error(`Measuring export.${part} failed:`, error);
			process.exitCode = 1;
		}
	};
	if (['million', 'tenInARow', 'inN8n'].some(wants)) {
		await withSandbox(MILLION, async (sandbox) => {
			await keep('million', async () => {
				const measured = await repeat(RUNS, async () => await measureInEngine(sandbox, MILLION));
				return { peakMemoryMb: measured.peakMb, rowsPerSecond: measured.rowsPerSecond };
			});
			await keep('tenInARow', async () => {
				const { peakMb } = await measureInEngine(sandbox, MILLION, 10);
				return { tenInARowMb: spreadOf([peakMb]) };
			});
			await keep('inN8n', async () => ({
				inN8nMb: await measureInN8n(sandbox, 0),
				inN8nFarMb: await measureInN8n(sandbox, FAR_MS),
			}));
		});
	}
	if (wants('threeMillion')) {
		await withSandbox(3 * MILLION, async (sandbox) => {
			await keep('threeMillion', async () => {
				const { peakMb } = await measureInEngine(sandbox, 3 * MILLION);
				const bare = await measureInEngine(sandbox, 3 * MILLION, 1, 'bareRequests');
				return { threeMillionMb: spreadOf([peakMb]), bareRequestsMb: spreadOf([bare.peakMb]) };
			});
		});
	}
	return values;
}
