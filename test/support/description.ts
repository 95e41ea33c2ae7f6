import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { kitNode } from './n8n';

/** An operation as the description has it. */
export interface DescribedOperation {
	resource: string;
	option: INodePropertyOptions;
}

/** @returns every operation of the built Kit node */
export async function describedOperations(): Promise<DescribedOperation[]> {
	const { properties } = (await kitNode()).description;
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options }: INodeProperties) =>
			(displayOptions?.show?.resource ?? []).flatMap((resource) =>
				(options as INodePropertyOptions[]).map((option) => ({
					resource: resource as string,
					option,
				})),
			),
		);
}

/** @returns every operation as `resource.operation` */
export async function operationsOf(): Promise<string[]> {
	return (await describedOperations()).map(
		({ resource, option }) => `${resource}.${String(option.value)}`,
	);
}
