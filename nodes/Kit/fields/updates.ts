import type { PreSendAction } from 'n8n-workflow';
import { refusal } from './sent';

/** An update that changes nothing is a mistake, so it is said before a request is spent on it. */
export const requireChange: PreSendAction = async function (request) {
	if (Object.keys(this.getNodeParameter('updateFields', {}) as object).length === 0) {
		throw refusal(this, 'Update Fields must have at least one field');
	}
	return await Promise.resolve(request);
};
