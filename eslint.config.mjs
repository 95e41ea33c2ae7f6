import {
	buildScanConfig,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** n8n's own rules, as its scanner sets them up, over the files that its scanner lints. */
const n8nRules = (await buildScanConfig()).map((config) => ({
	...config,
	files: SOURCE_FILE_PATTERNS.flatMap((pattern) =>
		config.files ? config.files.map((own) => [pattern, own].flat()) : [[pattern]],
	),
}));

export default defineConfig(
	globalIgnores(['dist', '.cache', 'coverage', 'package-lock.json']),
	{ linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
	n8nRules,
	{
		files: ['**/*.{ts,js,mjs}'],
		extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
		languageOptions: {
			parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
		},
	},
	{
		// CommonJS by their nature: gulp, Jest and n8n load them with require().
		files: ['*.js'],
		rules: {
			'@typescript-eslint/no-require-imports': [
				'error',
				{ allow: ['^node:', '^gulp$', '^\\./package.json$'] },
			],
		},
	},
);
