import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { planRelease, type Repository } from '../scripts/release/plan';

const root = resolve(__dirname, '..');
const HOME = 'https://github.com/n8n-nodes-maton-kit/n8n-nodes-maton-kit';

const repository: Repository = {
	status: '',
	branch: 'main',
	tags: ['v0.1.0'],
	version: '0.1.0',
	changelog: `# Changelog

## [Unreleased]

### Added

- Something.

## [0.1.0] - 2026-12-01

- Everything.

[Unreleased]: ${HOME}/compare/v0.1.0...main
[0.1.0]: ${HOME}/releases/tag/v0.1.0
`,
};

test('a release puts its version between Unreleased and what was written for it', () => {
	const { tag, notes, changelog } = planRelease(repository, '0.2.0', '2026-12-31');
	expect([tag, notes]).toEqual(['v0.2.0', '### Added\n\n- Something.']);
	expect(changelog).toBe(`# Changelog

## [Unreleased]

## [0.2.0] - 2026-12-31

### Added

- Something.

## [0.1.0] - 2026-12-01

- Everything.

[Unreleased]: ${HOME}/compare/v0.2.0...main
[0.2.0]: ${HOME}/releases/tag/v0.2.0
[0.1.0]: ${HOME}/releases/tag/v0.1.0
`);
});

test('the first release has the version of package.json, and goes with CHANGELOG.md as it is', () => {
	const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
	const first = planRelease({ ...repository, tags: [], changelog }, undefined, '2026-12-31');
	expect(first.version).toBe('0.1.0');
	// What the workflow that publishes looks for.
	expect(first.changelog).toContain('## [0.1.0] - 2026-12-31\n\n### Added\n');
	expect(first.changelog).toContain(`\n[0.1.0]: ${HOME}/releases/tag/v0.1.0\n`);
});

test.each([
	['uncommitted changes', { status: ' M README.md' }, '0.2.0', 'README.md'],
	['another branch', { branch: 'mine' }, '0.2.0', 'this is mine'],
	['a version that is released', {}, undefined, 'v0.1.0 is released already'],
	['a version before the last', {}, '0.0.9', '0.0.9 is before 0.1.0'],
	['a lesser version with more digits', { version: '0.10.0' }, '0.9.0', 'is before'],
	['a word', {}, 'next', '"next" is no version'],
	[
		'an empty Unreleased',
		{ changelog: repository.changelog.replace('### Added\n\n- Something.\n\n', '') },
		'0.2.0',
		'Nothing stands under Unreleased',
	],
])('a release is refused with %s', (_what, otherwise, version, sentence) => {
	expect(() => planRelease({ ...repository, ...otherwise }, version, '2026-12-31')).toThrow(
		sentence,
	);
});

test('a rehearsal refuses a tree with uncommitted changes, and leaves it as it is', () => {
	const folder = mkdtempSync(join(tmpdir(), 'kit-release-'));
	try {
		const run = (program: string, ...args: string[]) =>
			spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
		run('git', 'init', '--initial-branch=main');
		writeFileSync(join(folder, 'package.json'), '{"version":"0.1.0"}');
		writeFileSync(join(folder, 'CHANGELOG.md'), repository.changelog);
		const script = [join(root, 'scripts/bootstrap.mjs'), 'scripts/release/main.ts', '--dry-run'];
		const { status, stderr } = run(process.execPath, ...script, '0.2.0');
		expect(stderr).toContain('not committed first:\n?? CHANGELOG.md');
		expect(status).toBe(1);
		expect(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')).toBe(repository.changelog);
	} finally {
		rmSync(folder, { recursive: true });
	}
});
