import { wasTaken } from '../../nodes/shared/missedEvents';

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
