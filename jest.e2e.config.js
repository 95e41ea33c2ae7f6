/** @type {import('jest').Config} */
module.exports = {
	testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
	transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
	globalSetup: '<rootDir>/test/e2e/support/setup.ts',
	globalTeardown: '<rootDir>/test/e2e/support/teardown.ts',
	testEnvironment: '<rootDir>/test/e2e/support/environment.ts',
	// All files share the one n8n, which lives in the process that Jest runs in.
	maxWorkers: 1,
	testTimeout: 180_000,
};
