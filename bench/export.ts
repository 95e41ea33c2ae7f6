import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What is to be exported, and from where. */
export interface ExportOrder {
	/** Of a sandbox in another process */
	url: string;
	apiKey: string;
	/** By the node, or by bare requests for as many pages, one after the other, which are thrown away */
	by: 'node' | 'bareRequests';
	subscribers: number;
	/** How often, one after the other in one process */
	times: number;
	/** Where n8n keeps its files */
	folder: string;
}

/** What the measured process says of its work. */
export interface ExportReport {
	/** All that were exported, by all exports together */
	subscribers: number;
	seconds: number;
}

/** What an export took. */
export interface ExportMeasured extends ExportReport {
	/** The most memory (RSS) that the process took during it, above what it had before, in MB */
	peakMb: number;
}

const SAMPLE_MS = 20;
const ROOT = resolve(__dirname, '..');

/** The memory of another process (RSS) in MB, as Linux counts it. */
function memoryMb(pid: number): number {
	const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
	return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/**
 * Watches the memory of another process. Linux only.
 * @param pid the process
 * @param work what it is watched during
 * @returns what `work` returned, and the most memory above that at the beginning, in MB
 */
export async function peakDuring<T>(
	pid: number,
	work: () => Promise<T>,
): Promise<{ result: T; peakMb: number }> {
	const idleMb = memoryMb(pid);
	let mostMb = idleMb;
	const sampling = setInterval(() => {
		mostMb = Math.max(mostMb, memoryMb(pid));
	}, SAMPLE_MS);
	try {
		const result = await work();
		return { result, peakMb: mostMb - idleMb };
	} finally {
		clearInterval(sampling);
	}
}

async function message<T>(child: ChildProcess): Promise<T> {
	const ended = once(child, 'exit').then(([code]) => {
		throw new Error(`The export ended with ${String(code)}`);
	});
	const [received] = (await Promise.race([once(child, 'message'), ended])) as [T];
	return received;
}

/**
 * Exports all subscribers of a sandbox in a process of its own, whose memory is watched from outside.
 * @param order what to export; the sandbox must be another process, too
 * @returns what it took
 */
export async function measureExport(order: Omit<ExportOrder, 'folder'>): Promise<ExportMeasured> {
	const folder = mkdtempSync(join(tmpdir(), 'kit-export-'));
	const child = fork(join(ROOT, 'scripts/bootstrap.mjs'), ['bench/exportProcess.ts'], {
		cwd: ROOT,
		env: { ...process.env, N8N_USER_FOLDER: folder },
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	try {
		await message(child);
		const { result, peakMb } = await peakDuring(Number(child.pid), async () => {
			child.send({ ...order, folder });
			return await message<ExportReport>(child);
		});
		return { ...result, peakMb };
	} finally {
		child.kill();
		rmSync(folder, { recursive: true, force: true });
	}
}
