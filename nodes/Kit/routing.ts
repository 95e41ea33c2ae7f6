import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	INode,
	INodeProperties,
	INodePropertyOptions,
	INodePropertyRouting,
	INodeTypeDescription,
	IN8nRequestOperations,
} from 'n8n-workflow';
import { NodeHelpers, NodeOperationError } from 'n8n-workflow';
import { setPath } from '../shared/path';

type Settings = DeclarativeRestApiSettings.ResultOptions;

/** The function that sends an operation's request and reads the answer. */
export type Pagination = Extract<
	NonNullable<IN8nRequestOperations['pagination']>,
	(...args: never[]) => unknown
>;

/**
 * @param node the node as it is set up
 * @param shown the fields that are shown for the chosen operation
 * @returns the method of the operation's request, and what sends and reads it
 * @throws {NodeOperationError} when there is no such operation
 */
export function chosenOperation(
	node: INode,
	shown: INodeProperties[],
): { method: string; pagination: Pagination } {
	const options = shown.find(({ name }) => name === 'operation')?.options ?? [];
	const chosen = options.find(
		(option) => 'value' in option && option.value === node.parameters.operation,
	);
	const { request, operations } = (chosen as INodePropertyOptions | undefined)?.routing ?? {};
	if (typeof operations?.pagination === 'function') {
		return { method: request?.method ?? 'GET', pagination: operations.pagination };
	}
	throw new NodeOperationError(node, 'This operation does not exist', {
		description: 'Choose a resource and an operation from the lists',
	});
}

/**
 * Puts the request of one item together from the `routing` of the fields it shows, as n8n's
 * declarative engine does (`RoutingNode` in n8n-core). Of what that engine knows, this reads what the
 * description uses: `request`, `send.property` and `send.preSend`, on fields, on the fields of a
 * collection and on the chosen options.
 * @param item the context of the item
 * @param node the node as it is set up
 * @param shown the fields that are shown for the chosen operation
 * @param description the node's description
 * @returns the finished request, as the operation's pagination function takes it
 * @throws {NodeOperationError} when a value is not what its field needs
 */
export async function prepare(
	item: IExecutePaginationFunctions,
	node: INode,
	shown: INodeProperties[],
	description: INodeTypeDescription,
): Promise<Settings> {
	const settings: Settings = {
		options: { qs: {}, body: {}, ...requestOptions(item) },
		preSend: [],
		postReceive: [],
		requestOperations: {},
	};
	for (const property of shown) {
		addProperty(settings, property, property.name, item, node, description);
	}
	for (const preSend of settings.preSend) {
		settings.options = await preSend.call(item, settings.options as { url: string });
	}
	return settings;
}

function addProperty(
	settings: Settings,
	property: INodeProperties,
	path: string,
	item: IExecutePaginationFunctions,
	node: INode,
	description: INodeTypeDescription,
): void {
	const extractValue = property.type === 'resourceLocator';
	const readValue = () => item.getNodeParameter(path, undefined, { extractValue });
	if (property.routing) addRouting(settings, property.routing, readValue);

	if (property.type === 'options') {
		const chosen = node.parameters[property.name];
		for (const option of property.options ?? []) {
			if (!('value' in option) || option.value !== chosen || !option.routing) continue;
			addRouting(settings, option.routing, () => chosen);
		}
	}
	if (property.type === 'collection') {
		const given = item.getNodeParameter(path, {}) as IDataObject;
		for (const field of (property.options ?? []) as INodeProperties[]) {
			if (!(field.name in given)) continue;
			if (!NodeHelpers.displayParameter(node.parameters, field, node, description)) continue;
			addProperty(settings, field, `${path}.${field.name}`, item, node, description);
		}
	}
}

function addRouting(
	settings: Settings,
	{ request, send }: INodePropertyRouting,
	readValue: () => unknown,
): void {
	const { qs, body, ...rest } = request ?? {};
	Object.assign(settings.options, rest);
	Object.assign(settings.options.qs ?? {}, qs);
	Object.assign(settings.options.body ?? {}, body);
	if (send?.property !== undefined) {
		const place = send.type === 'body' ? settings.options.body : settings.options.qs;
		setPath(place as IDataObject, send.property, readValue());
	}
	settings.preSend.push(...(send?.preSend ?? []));
}

/** The options that n8n adds to every declarative node: proxy, time-out, untrusted certificates. */
function requestOptions(
	item: IExecutePaginationFunctions,
): DeclarativeRestApiSettings.HttpRequestOptions {
	const { proxy, timeout, allowUnauthorizedCerts } = item.getNodeParameter(
		'requestOptions',
		{},
	) as {
		proxy?: string;
		timeout?: number;
		allowUnauthorizedCerts?: boolean;
	};
	return {
		...(proxy && { proxy: readProxy(item, proxy) }),
		...(timeout && { timeout }),
		...(allowUnauthorizedCerts && { skipSslCertificateValidation: true }),
	};
}

function readProxy(item: IExecutePaginationFunctions, proxy: string) {
	if (!URL.canParse(proxy)) {
		throw new NodeOperationError(item.getNode(), 'Proxy must be an address', {
			description: 'It looks like http://username:password@my-proxy:3128',
		});
	}
	const { hostname: host, port, protocol, username, password } = new URL(proxy);
	return {
		host,
		port: Number(port),
		protocol: protocol.replace(/:$/, ''),
		...(username && {
			auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
		}),
	};
}
