import { CLASSIC_EVENTS, ENDPOINT_EVENTS } from '../shared/events';

/**
 * @returns the expression for what stands below the node on the canvas: the name of the chosen event as
 * the list has it, and of several their number, since there is no room for two names. It carries the
 * names, because an expression cannot look up a list's.
 */
export function subtitle(): string {
	const named = [...CLASSIC_EVENTS, ...ENDPOINT_EVENTS].map(({ value, name }) => [value, name]);
	const names = JSON.stringify(Object.fromEntries(named));
	const chosen = '$parameter[$parameter["delivery"] === "signed" ? "endpointEvents" : "events"]';
	return `={{ ${chosen}.length > 1 ? ${chosen}.length + " events" : ${names}[${chosen}[0]] }}`;
}
