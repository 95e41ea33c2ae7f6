import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

type Permissions = Record<string, string> | string;

interface Job {
	uses?: string;
	needs?: string | string[];
	environment?: string;
	permissions?: Permissions;
	steps?: { uses?: string; run?: string }[];
}

interface Workflow {
	permissions: Permissions;
	jobs: Record<string, Job>;
}

const FOLDER = resolve(__dirname, '../.github/workflows');

const texts = new Map(
	readdirSync(FOLDER).map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')]),
);
const workflows = new Map([...texts].map(([file, text]) => [file, parse(text) as Workflow]));
const jobs = [...workflows].flatMap(([file, workflow]) =>
	Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file} ${name}`, job })),
);

function jobOf(name: string): Job {
	const job = workflows.get('publish.yml')?.jobs[name];
	if (!job) throw new Error(`publish.yml has no job ${name}`);
	return job;
}

test('actions of other repositories are named by the commit, and the version stands beside it', () => {
	const used = jobs
		.flatMap(({ job }) => [job, ...(job.steps ?? [])])
		.flatMap(({ uses }) => uses ?? []);
	const foreign = used.filter((uses) => !uses.startsWith('./'));
	expect(foreign.length).toBeGreaterThan(0);
	expect(foreign.filter((uses) => !/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
	const lines = [...texts.values()].join('\n').match(/uses: .*@.*/g);
	expect(lines).toHaveLength(foreign.length);
	expect(lines?.filter((line) => !/ # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

test('a job may read the repository, and only that which publishes may have a token of npm', () => {
	for (const { permissions } of workflows.values()) {
		expect([{}, { contents: 'read' }]).toContainEqual(permissions);
	}
	const more = jobs.filter(({ job: { permissions } }) => {
		return permissions !== undefined && JSON.stringify(permissions) !== '{"contents":"read"}';
	});
	expect(more.map(({ name, job: { permissions } }) => [name, permissions])).toEqual([
		['publish.yml publish', { contents: 'read', 'id-token': 'write' }],
	]);
});

test('a version is checked, then built, then published in the environment that is protected', () => {
	expect(jobOf('checks').uses).toBe('./.github/workflows/ci.yml');
	expect(jobOf('build').needs).toBe('checks');
	expect(jobOf('publish')).toMatchObject({ needs: 'build', environment: 'npm' });
});

test('what publishes runs nothing of the repository and of its packages', () => {
	const { steps = [] } = jobOf('publish');
	expect(steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))).toEqual([]);
	const npm = steps.flatMap(({ run }) => run?.match(/\b(npm|npx|node) .*/g) ?? []);
	expect(npm).toEqual(['npm publish ./package.tgz --provenance --access public --ignore-scripts']);
});
