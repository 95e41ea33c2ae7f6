import type { INode } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import {
	CHECK_DATA,
	explainUnreadable,
	NOT_THERE,
	UNKNOWN_OUTCOME,
	USED_CONNECTION,
} from './explanations';

/**
 * @param node the node that asked
 * @param what what is wrong with the response, such as `it has no “tag”`
 * @param outcomeUnknown whether it is the response to a write that must not be sent again
 * @returns the error that says so
 */
export function unreadableResponse(
	node: INode,
	what: string,
	outcomeUnknown = false,
): NodeApiError {
	const { message, description: advice } = explainUnreadable(what);
	const description = outcomeUnknown ? `${advice} ${UNKNOWN_OUTCOME}` : advice;
	const error = new NodeApiError(node, { message }, { message, description });
	error.context.outcomeUnknown = outcomeUnknown;
	return error;
}

/**
 * @param node the node that asked
 * @param message what Kit said of something that does not exist
 * @param description what to do about it
 * @returns the error that says so
 */
export function notFound(node: INode, message: string, description = NOT_THERE): NodeApiError {
	return new NodeApiError(node, { message }, { message, description, httpCode: '404' });
}

/**
 * @param node the node that asked
 * @param emailAddress the address that was looked for
 * @returns the error that says that no subscriber has it
 */
export function unknownAddress(node: INode, emailAddress: string): NodeApiError {
	const message = `Kit knows no subscriber with the email address ${emailAddress}`;
	const description = `Check the spelling, and ${USED_CONNECTION}. Kit finds a new subscriber by their ID at once, but by their email address only after up to five minutes.`;
	return notFound(node, message, description);
}

const OTHERS = 'The other items of the same request are not affected.';

/**
 * @param node the node that asked
 * @param sentences what Kit said about one entry of a bulk request, whose others it carried out
 * @returns the error for that entry
 */
export function entryRefused(node: INode, sentences: string): NodeApiError {
	const description = `${CHECK_DATA}. ${OTHERS}`;
	return new NodeApiError(node, { message: sentences }, { message: sentences, description });
}

/** What the response to a bulk request lacks, where it tells of an entry neither success nor failure. */
export const UNMENTIONED = 'Kit’s response does not say what became of this';

/**
 * @param node the node that asked
 * @returns the error for an entry of which the response says nothing
 */
export function entryUnmentioned(node: INode): NodeApiError {
	const message = UNMENTIONED;
	const description = `Run the node again for this item: what Kit has done already, it does not do twice. ${OTHERS}`;
	return new NodeApiError(node, { message }, { message, description });
}
