import type { INodeProperties } from 'n8n-workflow';

/** One of Kit's resources as the node shows it. */
export interface Resource {
	/** As it is called in the list of resources, and as n8n keeps the choice */
	name: string;
	value: string;
	/** Its operations with their requests, and the locators of what they are about */
	operations: INodeProperties[];
	/** What can be entered beyond that */
	fields: INodeProperties[];
}
