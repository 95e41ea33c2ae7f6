import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Item } from './operation';

/** What an item came to. */
export type Outcome = { output: INodeExecutionData[] } | { thrown: unknown };

/** A run of an operation over the items of the node. */
export interface Run {
	context: IExecuteFunctions;
	itemCount: number;
	/** Reads the fields of an item. Throws what is wrong with them. */
	prepare: (itemIndex: number) => Promise<Item>;
	/** How many items go together before the run pauses; all of them, if nobody set it */
	batchSize: number;
	/** Pauses between two batches */
	pause: () => Promise<void>;
	/** Tells the person who runs the node something, beside the output */
	note: (sentence: string) => void;
	/** Keeps requests from starting that have not started yet */
	stop: () => void;
	isStopped: () => boolean;
}
