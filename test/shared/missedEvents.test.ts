import { sentEvents, wasTaken } from '../../nodes/shared/missedEvents';

const EVENTS = [{ id: 'a' }, { id: 'b' }];

test.each([
	['as events', { events: EVENTS }],
	['as a payload', { payload: EVENTS }],
	['in a payload', { payload: { delivery_id: 1, events: EVENTS } }],
	['in a payload that is text', { payload: JSON.stringify({ delivery_id: 1, events: EVENTS }) }],
])('the events of a delivery are read where Kit has them %s', (_, delivery) => {
	expect(sentEvents(delivery)).toEqual(EVENTS);
});

test.each([[{}], [{ payload: null }], [{ payload: '{' }], [{ payload: { events: 'none' } }]])(
	'a delivery such as %j has no events that could be read',
	(delivery) => {
		expect(sentEvents(delivery)).toBeUndefined();
	},
);

test.each([
	['text', { response_body: '{"events":2}' }],
	['an object', { response: { status: 200, body: { events: 2 } } }],
	['what n8n before 2.20 says', { response: { body: '{"message":"Workflow was started"}' } }],
])('what the trigger answered is known where Kit keeps it as %s', (_, attempt) => {
	expect(wasTaken({ attempts: [{ response_body: 'n8n is starting up' }, attempt] })).toBe(true);
});

test.each(['n8n is starting up. Please wait', '<html></html>', '', null])(
	'%j is no answer of the trigger',
	(body) => {
		expect(wasTaken({ attempts: [{ response_body: body }] })).toBe(false);
	},
);
