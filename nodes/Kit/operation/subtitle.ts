import { accountConnection } from '../../shared/fields/locators';

/** Gives the node's parameters as they are kept: of what is chosen from a list, its name as well. */
const KEPT = 'JSON.parse(JSON.stringify($parameter))';

const CHOSEN = `Object.entries(${KEPT}).filter((one) => one[1] && one[1].__rl && one[0] !== "${accountConnection.name}").map((one) => String(one[1].cachedResultName || one[1].value || "")).filter((one) => one !== "" && !one.startsWith("=")).join(", ")`;

/** @returns what n8n shows below the node: its operation and resource, and the names of what is chosen */
export function subtitle(): string {
	const what =
		'($parameter["operation"].replace("getAll", "getMany") + ": " + $parameter["resource"]).replace(/([A-Z])/g, " $1").toLowerCase()';
	return `={{ [${what}, ${CHOSEN}].filter((one) => one !== "").join(" · ") }}`;
}
