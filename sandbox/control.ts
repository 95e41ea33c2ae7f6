import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod/v4';
import { CRAFTED_DELIVERY } from './delivery/craftedDelivery';
import { FAULT } from './faults';
import type { Sandbox } from './index';
import { objectOf } from './kit/route';
import { withoutKey } from './log';
import { MatonError } from './maton/errors';
import { SETTINGS } from './settings';
import { SIMULATED_EVENT } from './simulatedEvents';

/** Adds the control interface, which is the sandbox's own and no part of Maton or Kit. */
export function addControl(app: FastifyInstance, sandbox: Omit<Sandbox, 'url' | 'close'>): void {
	const { log, deliveries, settings } = sandbox;
	const help: Record<string, object> = {};
	/** Adds a request; what it does is said in words, and done. */
	const on = (request: string, does: string, run: (received: FastifyRequest) => unknown) => {
		const [method = '', path = ''] = request.split(' ');
		help[`${method} /_sandbox/${path}`] = { does };
		app.route({
			method,
			url: `/_sandbox/${path}`,
			handler: async (received, reply) => {
				try {
					const result = await run(received);
					return await reply.code(result === undefined ? 204 : 200).send(result);
				} catch (error) {
					// What is wrong is a mistake of whoever asks.
					if (error instanceof z.ZodError) throw new MatonError(400, z.prettifyError(error));
					throw error instanceof Error ? new MatonError(400, error.message) : error;
				}
			},
		});
	};
	/** Adds a POST with a body, of which an example is shown. */
	const take = <T extends z.ZodType>(
		path: string,
		does: string,
		schema: T,
		example: z.input<T>,
		run: (sent: z.input<T>) => unknown,
		method = 'POST',
	) => {
		on(`${method} ${path}`, does, ({ body: sent = {} }) => {
			schema.parse(sent);
			return run(sent as z.input<T>);
		});
		const takes = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
		help[`${method} /_sandbox/${path}`] = { does, example, takes };
	};

	app.get('/_sandbox/', () => help);
	on('GET requests', 'every request that arrived, without its key', () => {
		return { requests: log.map(withoutKey) };
	});
	on('DELETE requests', 'forget them', () => void log.splice(0));
	on('DELETE faults', 'remove every fault', sandbox.clearFaults);
	const ofTags = { method: 'GET', path: '/kit/v4/tags', times: 2 };
	const failing = { ...ofTags, kind: 'status', status: 503 } as const;
	take('faults', 'let the next requests go wrong', FAULT, failing, (fault) => {
		sandbox.fault(fault);
		return { fault };
	});
	const rough = { enforceRateLimit: true, latencyMs: 250, lagMs: 30_000, noTagDelete: true };
	const change = (changed: object) => ({ settings: Object.assign(settings, changed) });
	take('settings', 'change settings', SETTINGS, rough, change, 'PUT');
	on(
		'GET deliveries',
		'every post to a webhook; ?settled=true waits until there are no more',
		async ({ query }) => {
			if (objectOf(query).settled === 'true') await sandbox.settled();
			return { deliveries };
		},
	);
	on('DELETE deliveries', 'forget them', () => void deliveries.splice(0));
	take(
		'events',
		'let something happen that no call of the API causes',
		SIMULATED_EVENT,
		{ type: 'subscriber.bounced', subscriber: 'ada@example.com' },
		(event) => {
			sandbox.raise(event);
			return { event };
		},
	);
	take(
		'deliver',
		'post made-up events to a webhook endpoint, once',
		CRAFTED_DELIVERY,
		{ endpoint: 270100, events: [{ type: 'subscriber.created' }], wrong: 'stale' },
		async (crafted) => ({ delivery: await sandbox.deliver(crafted) }),
	);
	const seconds = z.strictObject({ advanceSeconds: z.number().min(0) });
	take('clock', 'move the time forward', seconds, { advanceSeconds: 3600 }, (clock) => {
		sandbox.advance(clock.advanceSeconds);
	});
	on('POST connections/:id/authorize', 'authorise a pending connection', ({ params }) => {
		return { connection: sandbox.authorize(String(objectOf(params).id)) };
	});
	on('POST reset', 'everything as at the start', sandbox.reset);
}
