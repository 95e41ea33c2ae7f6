import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { unpack } from './n8n/package';
import { npm } from './npm';

const PROJECT = join(__dirname, '..');

/** Lints as n8n's scanner does (`analyzePackage`), but keeps the warnings, which that drops. */
async function findingsIn(folder: string, patterns: string[]): Promise<string> {
	const { buildScanConfig } = await import('@n8n/scan-community-package/scanner/scanner.mjs');
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await buildScanConfig(),
	});
	const formatter = await eslint.loadFormatter('stylish');
	return await formatter.format(await eslint.lintFiles(patterns));
}

/** Packs the built project as it would be published, and unpacks it. */
async function packInto(folder: string): Promise<string> {
	const log = join(folder, 'pack.log');
	const args = ['pack', '--ignore-scripts', '--silent', `--pack-destination=${folder}`];
	const tarball = (await npm(args, { cwd: PROJECT, log })).trim();
	await unpack(join(folder, tarball), folder);
	return tarball;
}

/** What n8n's scanner has against the sources and the package. */
export interface Scan {
	/** The name of the file that npm packed. */
	tarball: string;
	/** As ESLint prints them; empty where there are none. */
	findings: string;
}

/**
 * Runs n8n's own scanner over the sources, and over the built package as it would be published.
 * @returns what it finds
 */
export async function scanPackage(): Promise<Scan> {
	const { SOURCE_FILE_PATTERNS } = await import('@n8n/scan-community-package/scanner/scanner.mjs');
	const packed = await mkdtemp(join(tmpdir(), 'n8n-nodes-maton-kit-'));
	try {
		const tarball = await packInto(packed);
		const sources = await findingsIn(PROJECT, SOURCE_FILE_PATTERNS);
		return { tarball, findings: sources + (await findingsIn(packed, ['**/*.js', '**/*.json'])) };
	} finally {
		await rm(packed, { recursive: true });
	}
}
