import type { ValueField } from './field';

/**
 * For lists whose rows come without their content.
 * @param row what one of them is, after `each`
 */
export function includeContentOfEach(row: string): ValueField {
	return {
		displayName: 'Include Content',
		name: 'includeContent',
		type: 'boolean',
		default: false,
		description: `Whether each ${row} comes with its content, which makes the answer larger`,
		target: 'query.include_content',
	};
}
