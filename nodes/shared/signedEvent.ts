import type { IDataObject } from 'n8n-workflow';
import { isRecord } from './record';

/** An event as a signed endpoint gets it, and as Kit's history of deliveries has it. */
export interface SignedEvent extends IDataObject {
	id: string;
	/** Kit's name of it, such as `subscriber.created` */
	type: string;
}

/** @returns whether a value is an event with what it takes to tell it from others */
export function isSignedEvent(event: unknown): event is SignedEvent {
	return isRecord(event) && typeof event.id === 'string' && typeof event.type === 'string';
}

/**
 * @param event as Kit has it
 * @param deliveryId of the delivery that brought it, or should have
 * @returns the item that it becomes
 */
export function signedItem(event: SignedEvent, deliveryId: unknown): IDataObject {
	const { id, type, created, data } = event;
	const about = { event: type, id, created, delivery_id: deliveryId as number };
	return { ...about, ...(isRecord(data) && data), ...about };
}

/**
 * @param count how many of the events of a call start the workflow
 * @returns what the Kit Trigger answers to a call that it has dealt with
 */
export function takenAnswer(count: number): { events: number } {
	return { events: count };
}

/** n8n before 2.20 answers with this of its own. */
const STARTED = '{"message":"Workflow was started"}';

/** @returns whether the Kit Trigger answered so to a call that it has dealt with */
export function isTakenAnswer(response: unknown): boolean {
	const text: unknown = typeof response === 'string' ? response : JSON.stringify(response);
	return typeof text === 'string' && (/^{"events":\d+}$/.test(text) || text === STARTED);
}

/**
 * By which the Kit node, and a person, find the endpoint that a workflow's Kit Trigger made.
 * @param workflowId the ID of the workflow
 * @param isTest whether it is for a test run, of which nothing is missed
 */
export function endpointDescription(workflowId: string, isTest = false): string {
	const description = `Made by the Kit Trigger in n8n's workflow ${workflowId}`;
	return isTest ? `${description}, for a test run` : description;
}
