import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { asSentence } from './failure';
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
async function packInto(folder: string): Promise<void> {
	const log = join(folder, 'pack.log');
	const args = ['pack', '--ignore-scripts', '--silent', `--pack-destination=${folder}`];
	const printed = await npm(args, { cwd: PROJECT, log });
	await unpack(join(folder, printed.trim()), folder);
}

/** Says what n8n's scanner has against the sources and against the packed package. */
async function scan(): Promise<void> {
	const { SOURCE_FILE_PATTERNS } = await import('@n8n/scan-community-package/scanner/scanner.mjs');
	const packed = await mkdtemp(join(tmpdir(), 'n8n-nodes-maton-kit-'));
	try {
		await packInto(packed);
		const findings = [
			await findingsIn(PROJECT, SOURCE_FILE_PATTERNS),
			await findingsIn(packed, ['**/*.js', '**/*.json']),
		].join('');
		console.log(
			findings || "n8n's scanner finds nothing wrong in the sources and in the packed package.",
		);
		if (findings) process.exitCode = 1;
	} finally {
		await rm(packed, { recursive: true });
	}
}

scan().catch((error: unknown) => {
	console.error(asSentence(error));
	process.exitCode = 1;
});
