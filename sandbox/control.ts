import type { FastifyInstance } from 'fastify';
import { CRAFTED_DELIVERY, WRONGS } from './delivery/craftedDelivery';
import type { CraftedDelivery } from './delivery/craftedDelivery';
import type { Shape } from './facts/notation';
import { flawsOf } from './facts/requests';
import { FAULT, TAMPERINGS } from './faults';
import type { Fault } from './faults';
import type { Sandbox } from './index';
import { objectOf } from './kit/route';
import { connectionRow } from './maton/connections';
import type { Connection } from './maton/connections';
import { withoutKey } from './log';
import { SIMULATED_EVENT, SIMULATED_EVENTS } from './simulatedEvents';
import type { SimulatedEvent } from './simulatedEvents';

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
	'GET /_sandbox/deliveries':
		'every post to a webhook; ?settled=true waits until there are no more',
	'DELETE /_sandbox/deliveries': 'forget them',
	'POST /_sandbox/events': {
		does: 'let something happen that no call of the API causes',
		example: { type: 'subscriber.bounced', subscriber: 'ada@example.com' },
		types: SIMULATED_EVENTS,
		which: 'connection, subscriber (id or address), sequence, url, product, post, times (1)',
	},
	'POST /_sandbox/deliver': {
		does: 'post made-up events to a webhook endpoint, once',
		example: { endpoint: 270100, events: [{ type: 'subscriber.created' }], wrong: 'stale' },
		wrong: WRONGS,
		which: 'connection, deliveryId',
	},
	'POST /_sandbox/clock': { does: 'move the time forward', example: { advanceSeconds: 3600 } },
	'POST /_sandbox/connections/{id}/authorize': 'authorise a pending connection',
	'POST /_sandbox/reset': 'everything as at the start',
} as const;

/** Makes an error that is answered with 400. */
const refusal = (sentence: string) => Object.assign(new Error(sentence), { statusCode: 400 });

/** Reads a body by its shape; an error that is answered where it is not like it. */
function checked(body: unknown, shape: Shape): unknown {
	const [flaw] = flawsOf(shape, body ?? {});
	if (flaw) throw refusal(flaw.sentence);
	return body;
}

/** Adds the control interface, which is the sandbox's own and no part of Maton or Kit. */
export function addControl(
	app: FastifyInstance,
	sandbox: Omit<Sandbox, 'url' | 'close'>,
	authorize: (id: string) => Connection,
): void {
	const post = (path: string, status: number, does: (body: unknown) => unknown) => {
		app.post(`/_sandbox/${path}`, async (request, reply) => {
			return await reply.code(status).send(await does(request.body));
		});
	};
	const forget = (path: string, does: () => unknown) => {
		app.delete(`/_sandbox/${path}`, (_request, reply) => {
			does();
			return reply.code(204).send();
		});
	};
	/** What is not there is a mistake of whoever asks. */
	const tried = async <T>(does: () => T): Promise<Awaited<T>> => {
		try {
			return await does();
		} catch (error) {
			throw refusal(error instanceof Error ? error.message : String(error));
		}
	};
	app.get('/_sandbox/', () => HELP);
	app.get('/_sandbox/requests', () => ({ requests: sandbox.log.map(withoutKey) }));
	app.get('/_sandbox/deliveries', async (request) => {
		if (objectOf(request.query).settled === 'true') await sandbox.settled();
		return { deliveries: sandbox.deliveries };
	});
	forget('requests', () => sandbox.log.splice(0));
	forget('deliveries', () => sandbox.deliveries.splice(0));
	forget('faults', () => {
		sandbox.clearFaults();
	});
	post('faults', 201, (body) => {
		const fault = checked(body, FAULT) as Fault;
		sandbox.fault(fault);
		return { fault };
	});
	app.put('/_sandbox/settings', (request) => {
		const settings = Object.entries(sandbox.settings).map(([name, value]: [string, unknown]) => [
			`${name}?`,
			typeof value === 'number' ? 'number<0..>' : 'boolean',
		]);
		const shape = { '#': '1', ...(Object.fromEntries(settings) as Record<string, string>) };
		Object.assign(sandbox.settings, checked(request.body, shape));
		return { settings: sandbox.settings };
	});
	post('events', 201, async (body) => {
		const event = checked(body, SIMULATED_EVENT) as SimulatedEvent;
		await tried(() => {
			sandbox.raise(event);
		});
		return { event };
	});
	post('deliver', 200, async (body) => {
		const crafted = checked(body, CRAFTED_DELIVERY) as CraftedDelivery;
		return { delivery: await tried(() => sandbox.deliver(crafted)) };
	});
	post('clock', 204, (body) => {
		const shape = { advanceSeconds: 'number<0..>' };
		const { advanceSeconds } = checked(body, shape) as { advanceSeconds: number };
		sandbox.advance(advanceSeconds);
	});
	post('reset', 204, () => {
		sandbox.reset();
	});
	app.post('/_sandbox/connections/:id/authorize', (request) => {
		const { id } = objectOf(request.params);
		return { connection: connectionRow(authorize(String(id))) };
	});
}
