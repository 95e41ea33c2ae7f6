import type { IDataObject, INode } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { toText } from '../shared/fields/parsers';
import { foldName } from '../shared/foldName';
import type { ListName } from '../shared/lists';
import { LISTS } from '../shared/lists';
import { NamedIds } from '../shared/namedIds';
import { quoted } from '../shared/quoted';
import type { KitClient } from '../shared/transport/client';
import type { Choice, EventTarget } from './parameters';
import { EVENT_TARGETS } from './parameters';

/** A classic webhook that should be at Kit. */
export interface WantedWebhook {
	/** Kit's name of the event */
	name: string;
	/** What it is about, as Kit takes it, by the key under which Kit takes it; empty for nothing */
	about: Record<string, number | string>;
}

/** What should be at Kit. */
export interface Plan {
	/** The events of the signed endpoint, as Kit takes them; without any there is no endpoint */
	endpointEvents: string[];
	webhooks: WantedWebhook[];
}

function namesOf(events: { name: string }[]): string {
	const names = events.map(({ name }) => `“${name}”`);
	return names.length > 1
		? `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
		: (names[0] ?? '');
}

/** Events that one of the two ways does not have. */
function refuse(node: INode, events: { name: string }[], way: string, advice: string): never {
	throw new NodeOperationError(node, `${way} do not bring ${namesOf(events)}`, {
		description: advice,
	});
}

/** The rows of a list that are meant by ID or by name, each once however often it is named. */
async function idsOf(
	client: KitClient,
	{ field }: EventTarget,
	list: ListName,
	given: string[],
): Promise<number[]> {
	if (given.length === 0) return [];
	const names = new NamedIds(list, (row) => namesOfRow(list, row), true);
	await names.load(client);
	const ids = given.map((wanted) => {
		const [id, ...others] = names.all(wanted);
		if (id !== undefined && others.length === 0 && isMeantBy(wanted, id)) return id;
		const problem =
			id === undefined
				? 'the account has none of that ID or name'
				: others.length > 0
					? `${String(others.length + 1)} of that name are in the account`
					: `that is not an ID but the name of ${String(id)}`;
		throw new NodeOperationError(
			client.node,
			`${field.displayName} name the ${LISTS[list].singular.toLowerCase()} ${quoted(wanted)}, but ${problem}`,
			{ description: 'Choose it in the list, or give its ID.' },
		);
	});
	return [...new Set(ids)];
}

/** What a row is called by Kit, and where n8n lets one choose it. */
function namesOfRow(list: ListName, row: IDataObject): string[] {
	return [LISTS[list].label(row), toText(row.name)];
}

/** Digits are an ID and never a name: which is meant would depend on what else is in the account. */
function isMeantBy(wanted: string, id: unknown): boolean {
	return !/^\d+$/.test(wanted) || wanted === toText(id);
}

/** @returns whether a row of a list is meant, by its ID or by its name as people write it */
export function isMeant(list: ListName, row: IDataObject, wanted: string): boolean {
	const names = [toText(row.id), ...namesOfRow(list, row)];
	return (
		isMeantBy(wanted, row.id) &&
		names.some((name) => foldName(name.trim()) === foldName(wanted.trim()))
	);
}

/**
 * What a person chose, for one of the two ways, or both.
 * @param client to look up what is named
 * @param choice of a person
 * @param classicOnly whether Kit refuses the account signed endpoints
 * @returns what should be at Kit
 * @throws {NodeOperationError} when an event cannot come that way, or is about what the account lacks
 */
export async function planFor(
	client: KitClient,
	{ events, targets, delivery }: Choice,
	classicOnly: boolean,
): Promise<Plan> {
	const { node } = client;
	const bySignature = delivery === 'classic' || classicOnly ? [] : events.filter((e) => e.signed);
	const others = events.filter((event) => !bySignature.includes(event));
	if (delivery === 'signed' && others.length > 0) {
		refuse(node, others, 'Signed endpoints', 'Set the option Delivery to Automatic.');
	}
	const impossible = others.filter(({ classic }) => classic === undefined);
	if (impossible.length > 0) {
		refuse(
			node,
			impossible,
			'Classic webhooks',
			classicOnly
				? 'They need a signed endpoint, which Kit refuses this connection: it takes one made with OAuth, on a paid plan. For new subscribers, “Subscriber Activated” is the nearest.'
				: 'Set the option Delivery to Automatic.',
		);
	}
	const webhooks: WantedWebhook[] = [];
	for (const { value, name, classic = '', needs } of events) {
		const target = EVENT_TARGETS.find(({ event }) => event === value);
		const given = targets.get(value) ?? [];
		// What is filtered here is looked up as well: a name that is nobody's would let nothing through.
		const ids = target?.list ? await idsOf(client, target, target.list, given) : given;
		if (!others.some((other) => other.value === value)) continue;
		if (!needs) {
			webhooks.push({ name: classic, about: {} });
			continue;
		}
		if (ids.length === 0) {
			throw new NodeOperationError(
				node,
				`${target?.field.displayName ?? name} must be chosen for “${name}”`,
				{ description: 'A classic webhook is for one of them, so that it has to be named.' },
			);
		}
		const isText = needs === 'initiator_value';
		webhooks.push(
			...ids.map((one) => ({ name: classic, about: { [needs]: isText ? one : Number(one) } })),
		);
	}
	return { endpointEvents: bySignature.map(({ value }) => value), webhooks };
}
