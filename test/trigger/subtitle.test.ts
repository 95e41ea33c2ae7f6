import type { INodeParameters } from 'n8n-workflow';
import { EVENTS } from '../../nodes/shared/events';
import { kitNode } from '../support/n8n';
import { TestTrigger } from '../support/trigger';

beforeAll(async () => {
	await kitNode();
});

function subtitleOf(parameters: INodeParameters): unknown {
	const credential = { apiKey: '', connectionId: '', baseUrl: '' };
	return new TestTrigger({ parameters, credential }).subtitle;
}

test.each(EVENTS)('the canvas names $value as the list does', ({ name, value }) => {
	expect(subtitleOf({ events: [value] })).toBe(name);
});

test('several events are counted', () => {
	expect(subtitleOf({ events: EVENTS.slice(0, 3).map(({ value }) => value) })).toBe('3 events');
});

test('a new node shows what it starts with', () => {
	expect(subtitleOf({})).toBe('New Subscriber');
});
