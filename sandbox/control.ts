import type { FastifyInstance } from 'fastify';
import { DELIVERY_HELP } from './controlDeliveries';
import { faultIn, TAMPERINGS } from './faults';
import type { Sandbox } from './index';
import { objectOf, textOf } from './kit/route';
import { connectionRow } from './maton/connections';
import type { Connection } from './maton/connections';
import { withoutKey } from './log';

/** What `GET /_sandbox/` answers. */
const HELP = {
	'GET /_sandbox/requests': 'every request that arrived, without its key',
	'DELETE /_sandbox/requests': 'forget them',
	'POST /_sandbox/faults': {
		does: 'let the next requests go wrong',
		example: { method: 'GET', path: '/kit/v4/tags', times: 2, kind: 'status', status: 503 },
		kinds: {
			status: 'status, body, headers',
			kitRateLimit: '',
			drop: 'afterHandling',
			truncate: '',
			stall: '',
			ignore: 'parameter',
			notJson: 'status (200)',
			slow: 'delayMs',
			page: `tamper: ${TAMPERINGS.join(', ')}`,
		},
		which: 'method, path (what it begins with), times (1), skip (0), share (0 to 1)',
	},
	'DELETE /_sandbox/faults': 'remove every fault',
	'PUT /_sandbox/settings': {
		does: 'change settings',
		example: { enforceRateLimit: true, latencyMs: 250, lagMs: 30000, noTagDelete: true },
	},
	...DELIVERY_HELP,
	'POST /_sandbox/clock': { does: 'move the time forward', example: { advanceSeconds: 3600 } },
	'POST /_sandbox/connections/{id}/authorize': 'authorise a pending connection',
	'POST /_sandbox/reset': 'everything as at the start',
} as const;

/**
 * Adds the control interface, which is the sandbox's own and no part of Maton or Kit.
 * @param app the server
 * @param sandbox what it controls
 * @param authorize makes a pending connection active
 */
export function addControl(
	app: FastifyInstance,
	sandbox: Omit<Sandbox, 'url' | 'close'>,
	authorize: (id: string) => Connection,
): void {
	app.get('/_sandbox/', () => HELP);
	app.get('/_sandbox/requests', () => ({ requests: sandbox.log.map(withoutKey) }));
	app.delete('/_sandbox/requests', (_request, reply) => {
		sandbox.log.length = 0;
		return reply.code(204).send();
	});
	app.post('/_sandbox/faults', (request, reply) => {
		const fault = faultIn(request.body);
		if (typeof fault === 'string') return reply.code(400).send({ error: fault });
		sandbox.fault(fault);
		return reply.code(201).send({ fault });
	});
	app.delete('/_sandbox/faults', (_request, reply) => {
		sandbox.clearFaults();
		return reply.code(204).send();
	});
	app.put('/_sandbox/settings', (request, reply) => {
		const sent = Object.entries(objectOf(request.body));
		const now = new Map<string, unknown>(Object.entries(sandbox.settings));
		const isSetting = ([name, value]: [string, unknown]) =>
			typeof value === 'number'
				? typeof now.get(name) === 'number' && value >= 0
				: typeof value === 'boolean' && typeof now.get(name) === 'boolean';
		if (sent.length === 0 || !sent.every(isSetting)) {
			const accepted = [...now].map(([name, value]) =>
				typeof value === 'number' ? `${name} (a number)` : `${name} (true or false)`,
			);
			return reply.code(400).send({ error: `Settings are ${accepted.join(', ')}.` });
		}
		Object.assign(sandbox.settings, Object.fromEntries(sent));
		return reply.send({ settings: sandbox.settings });
	});
	app.post('/_sandbox/clock', (request, reply) => {
		const { advanceSeconds } = objectOf(request.body);
		if (typeof advanceSeconds !== 'number' || !(advanceSeconds >= 0)) {
			return reply.code(400).send({ error: 'advanceSeconds must be a number, and not negative.' });
		}
		sandbox.advance(advanceSeconds);
		return reply.code(204).send();
	});
	app.post('/_sandbox/connections/:id/authorize', (request) => {
		const id = textOf(objectOf(request.params).id) ?? '';
		return { connection: connectionRow(authorize(id)) };
	});
	app.post('/_sandbox/reset', (_request, reply) => {
		sandbox.reset();
		return reply.code(204).send();
	});
}
