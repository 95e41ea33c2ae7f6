import { NodeHelpers } from 'n8n-workflow';
import { describedNode } from '../../scripts/docs/description';

/** The names of the fields that n8n shows in the panel of a node, in their order. */
function fieldsShown(name: 'KitPollingTrigger' | 'KitTrigger', chosen: object): string[] {
	const description = describedNode(name);
	const parameters = Object.assign(
		{},
		...description.properties.map((one) => ({ [one.name]: one.default })),
		chosen,
	) as Record<string, never>;
	return description.properties
		.filter((one) => NodeHelpers.displayParameter(parameters, one, null, description))
		.map((one) => one.name);
}

test.each([
	['clickedLink', ['clicked', 'linkUrl', 'urlMatching', 'conditions']],
	['openedBroadcast', ['opened', 'conditions']],
])('the Kit Polling Trigger asks first what %s is about, then of whom', (watch, fields) => {
	const shown = fieldsShown('KitPollingTrigger', { watch });
	expect(shown.slice(1, fields.length + 1)).toEqual(fields);
});

test.each([
	['auto', true],
	['signed', true],
	['classic', false],
])('the Kit Trigger tells of missed events where Kit keeps them (%s: %s)', (delivery, told) => {
	const shown = fieldsShown('KitTrigger', { settings: { delivery } });
	expect(shown.includes('missedNotice')).toBe(told);
});
