import { CLASSIC_EVENTS, ENDPOINT_EVENTS } from '../shared/events';

/**
 * @returns the expression for what stands below the node on the canvas: the names of one or two chosen
 * events as the lists have them, and the number of more. It carries the names, since an expression
 * cannot look up a list's.
 */
export function subtitle(): string {
	const named = [...CLASSIC_EVENTS, ...ENDPOINT_EVENTS].map(({ value, name }) => [value, name]);
	const chosen = '$parameter[$parameter["delivery"] === "signed" ? "endpointEvents" : "events"]';
	const text =
		"events.length > 2 ? `${events.length} events` : events.map((event) => names[event]).join(', ')";
	return `={{ ((names, events) => ${text})(${JSON.stringify(Object.fromEntries(named))}, ${chosen}) }}`;
}
