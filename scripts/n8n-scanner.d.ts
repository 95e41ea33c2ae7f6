/** What this project uses of n8n's scanner of community packages, which comes without types. */
declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	import type { Linter } from 'eslint';

	/** The files of a package that n8n lints. */
	export const SOURCE_FILE_PATTERNS: string[];

	/** The ESLint configuration with which n8n lints them. */
	export function buildScanConfig(): Promise<Linter.Config[]>;
}
