const { availableParallelism } = require('node:os');

const common = {
	testEnvironment: 'node',
	transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
};

const projects = [
	{
		...common,
		displayName: 'integration',
		testMatch: ['<rootDir>/test/**/*.test.ts'],
		testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/(e2e|queue|soak)/'],
		setupFiles: ['<rootDir>/test/support/environment.ts'],
	},
	{
		...common,
		displayName: 'e2e',
		testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
		globalSetup: '<rootDir>/test/e2e/support/setup.ts',
		globalTeardown: '<rootDir>/test/e2e/support/teardown.ts',
		testEnvironment: '<rootDir>/test/e2e/support/environment.ts',
	},
	{ ...common, displayName: 'queue', testMatch: ['<rootDir>/test/queue/**/*.test.ts'] },
	{ ...common, displayName: 'soak', testMatch: ['<rootDir>/test/soak/**/*.test.ts'] },
];

/** Those that need an n8n, or a database, run when they are asked for: npm run test:e2e, test:queue, soak. */
const chosen = process.argv.includes('--selectProjects') ? projects : projects.slice(0, 1);

/** @type {import('jest').Config} */
module.exports = {
	projects: chosen,
	testTimeout: chosen === projects ? 180_000 : 120_000,
	// Most of the time, tests wait for Maton's rate limit.
	maxWorkers: 3 * availableParallelism(),
	// A worker that has ended gives back a gigabyte of memory first, which takes longer than Jest's half second.
	workerGracefulExitTimeout: 10_000,
};
