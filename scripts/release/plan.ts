import { Failure } from '../failure';

/** What a release is decided by. */
export interface Repository {
	/** What git prints of what is not committed. */
	status: string;
	branch: string;
	tags: readonly string[];
	/** The version in package.json. */
	version: string;
	/** The text of CHANGELOG.md. */
	changelog: string;
}

/** What a release changes. */
export interface Release {
	version: string;
	tag: string;
	/** The text of CHANGELOG.md with the version in it. */
	changelog: string;
	/** What stands in it about the version. */
	notes: string;
}

const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;
const UNRELEASED = '## [Unreleased]';

/** Whether one version comes after another. */
function isAfter(version: string, other: string): boolean {
	return version.localeCompare(other, 'en', { numeric: true }) > 0;
}

function notesIn(changelog: string): string {
	const [, after = ''] = changelog.split(`${UNRELEASED}\n`);
	return after
		.split(/^(?:## |\[.+\]: )/m, 1)
		.join('')
		.trim();
}

/** Puts the version between "Unreleased" and what was written for it, and links both at the end. */
function withVersion(changelog: string, version: string, today: string): string {
	const heading = `${UNRELEASED}\n\n## [${version}] - ${today}`;
	const repository = /\[Unreleased\]: (https:\/\/\S+?)\/(?:commits|compare)\//.exec(changelog)?.[1];
	if (repository === undefined) throw new Failure('CHANGELOG.md does not link [Unreleased].');
	const links =
		`[Unreleased]: ${repository}/compare/v${version}...main\n` +
		`[${version}]: ${repository}/releases/tag/v${version}`;
	return changelog.replace(UNRELEASED, heading).replace(/^\[Unreleased\]: .*$/m, links);
}

/**
 * Decides what a release changes.
 * @param repository as it stands
 * @param wanted the version; that of package.json, where it has not been released yet, when left out
 * @param today the day of the release, `yyyy-mm-dd`
 * @returns the release
 * @throws {Failure} where something is not committed, the branch is another than main, the version is none,
 * is not new, or has nothing to tell
 */
export function planRelease(
	{ status, branch, tags, version: current, changelog }: Repository,
	wanted: string | undefined,
	today: string,
): Release {
	if (status !== '') {
		throw new Failure(`Commit or remove what is not committed first:\n${status}`);
	}
	if (branch !== 'main') throw new Failure(`A release is made on main, and this is ${branch}.`);
	const version = wanted ?? current;
	const tag = `v${version}`;
	if (!VERSION.test(version)) {
		throw new Failure(`"${version}" is no version. It has three numbers, such as 0.2.0.`);
	}
	if (tags.includes(tag)) {
		throw new Failure(`${tag} is released already. Say another: npm run release -- 0.2.0`);
	}
	if (isAfter(current, version)) {
		throw new Failure(`${version} is before ${current}, which package.json has.`);
	}
	const notes = notesIn(changelog);
	if (notes === '') throw new Failure('Nothing stands under Unreleased in CHANGELOG.md.');
	return { version, tag, notes, changelog: withVersion(changelog, version, today) };
}
