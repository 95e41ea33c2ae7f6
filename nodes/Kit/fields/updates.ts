import type { PreSendAction } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

/** An update that changes nothing is a mistake, so it is said before a request is spent on it. */
export const requireChange: PreSendAction = async function (request) {
	if (Object.keys(this.getNodeParameter('updateFields', {}) as object).length === 0) {
		throw new NodeOperationError(this.getNode(), 'Update Fields must have at least one field', {
			itemIndex: this.getItemIndex(),
			description: 'Nothing was sent to Kit for this item',
		});
	}
	return await Promise.resolve(request);
};
