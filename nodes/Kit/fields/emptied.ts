import type { IDataObject, INodeProperties, PreSendAction } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { listOf, asText, optional } from './checks';
import { getPath, setPath } from '../../shared/path';

/** A field that can be emptied, and what Kit takes for that. */
interface Emptiable {
	name: string;
	/** Where it stands in the body */
	property: string;
	/** What is sent */
	value: '' | null;
	description?: string;
}

/**
 * A field left empty is not sent, so emptying one on purpose is said here.
 * @param collection the collection of the node in which this field stands
 * @param emptiable the fields that can be emptied
 */
export function fieldsToEmpty(collection: string, emptiable: Emptiable[]): INodeProperties {
	const empty: PreSendAction = async function (request) {
		const chosen = listOf(asText)(this.getNodeParameter(`${collection}.fieldsToEmpty`, []));
		const body = request.body as IDataObject;
		for (const { name, property, value } of emptiable) {
			if (!chosen.includes(property)) continue;
			if (optional(getPath(body, property)) !== undefined) {
				throw new NodeOperationError(
					this.getNode(),
					`Fields to Empty must not name ${name}, which is filled in as well`,
					{ itemIndex: this.getItemIndex() },
				);
			}
			setPath(body, property, value);
		}
		return await Promise.resolve(request);
	};
	return {
		displayName: 'Fields to Empty',
		name: 'fieldsToEmpty',
		type: 'multiOptions',
		options: emptiable.map(({ name, property, description }) => ({
			name,
			value: property,
			description,
		})),
		default: [],
		description: 'What to take away. A field that is just left empty stays as it is.',
		routing: { send: { preSend: [empty] } },
	};
}
