import type { INodeParameters } from 'n8n-workflow';
import { CLASSIC_EVENTS, ENDPOINT_EVENTS } from '../../nodes/shared/events';
import { kitNode } from '../support/n8n';
import { TestTrigger } from '../support/trigger';

beforeAll(async () => {
	await kitNode();
});

function subtitleOf(parameters: INodeParameters): unknown {
	const credential = { apiKey: '', connectionId: '', baseUrl: '' };
	return new TestTrigger({ parameters, credential }).subtitle;
}

test.each(CLASSIC_EVENTS)('the canvas names $value as the list does', ({ name, value }) => {
	expect(subtitleOf({ delivery: 'classic', events: [value] })).toBe(name);
});

test.each(ENDPOINT_EVENTS)('the canvas names $value as the list does', ({ name, value }) => {
	expect(subtitleOf({ delivery: 'signed', endpointEvents: [value] })).toBe(name);
});

test('several events are counted, those of the other kind are left out', () => {
	const events = CLASSIC_EVENTS.slice(0, 2).map(({ value }) => value);
	const endpointEvents = ENDPOINT_EVENTS.slice(0, 3).map(({ value }) => value);
	expect(subtitleOf({ delivery: 'classic', events, endpointEvents })).toBe('2 events');
	expect(subtitleOf({ delivery: 'signed', events, endpointEvents })).toBe('3 events');
});

test('a new node shows what it starts with', () => {
	expect(subtitleOf({})).toBe('Subscriber Activated');
});
