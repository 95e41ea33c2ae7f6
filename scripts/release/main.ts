import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { childEnvironment } from '../childEnvironment';
import { asSentence, Failure } from '../failure';
import { buildPackage } from '../n8n/build';
import { npm } from '../npm';
import { say } from '../progress';
import { scanPackage } from '../scanner';
import { planRelease, type Release, type Repository } from './plan';

const PROJECT = process.cwd();
const CHANGELOG = join(PROJECT, 'CHANGELOG.md');

function git(...args: string[]): string {
	const env = childEnvironment();
	return execFileSync('git', args, { cwd: PROJECT, env, encoding: 'utf8' }).trimEnd();
}

function repository(): Repository {
	const manifest = readFileSync(join(PROJECT, 'package.json'), 'utf8');
	return {
		status: git('status', '--porcelain'),
		branch: git('branch', '--show-current'),
		tags: git('tag', '--list').split('\n'),
		version: (JSON.parse(manifest) as { version: string }).version,
		changelog: readFileSync(CHANGELOG, 'utf8'),
	};
}

/** Writes the version into package.json and package-lock.json. */
async function setVersion(version: string): Promise<void> {
	const args = ['version', version, '--no-git-tag-version', '--allow-same-version'];
	await npm(args, { cwd: PROJECT, log: join(PROJECT, '.cache', 'release.log') });
}

async function carryOut({ version, tag, changelog }: Release): Promise<void> {
	await setVersion(version);
	writeFileSync(CHANGELOG, changelog);
	git('commit', '--all', '--message', `Release ${version}`);
	git('tag', tag);
}

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		options: { 'dry-run': { type: 'boolean', default: false } },
		allowPositionals: true,
	});
	const isRehearsal = values['dry-run'];
	const today = new Date().toISOString().slice(0, 10);
	const release = planRelease(repository(), positionals[0], today);
	await buildPackage(PROJECT, new AbortController().signal);
	const { tarball, findings } = await scanPackage();
	if (findings) throw new Failure(`n8n's scanner would not take the package:\n${findings}`);

	if (!isRehearsal) await carryOut(release);
	const { version, tag, notes } = release;
	const done = isRehearsal ? 'would be' : 'is';
	say();
	say(`Version      ${version} ${done} in package.json and package-lock.json`);
	say(`CHANGELOG    "## [${version}] - ${today}" ${done} above:`);
	say(notes.replaceAll(/^/gm, '             '));
	say(`Tarball      n8n's scanner finds nothing wrong (looked at ${tarball})`);
	say(`Commit, tag  "Release ${version}", ${tag} ${isRehearsal ? 'would be made' : 'are made'}`);
	say();
	say(
		isRehearsal
			? 'Nothing was changed. The same without --dry-run does it, and pushes nothing.'
			: `To publish it: git push origin main ${tag}`,
	);
}

main().catch((error: unknown) => {
	console.error(asSentence(error));
	process.exitCode = 1;
});
