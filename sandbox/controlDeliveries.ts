import type { FastifyInstance } from 'fastify';
import { craftedDeliveryIn, WRONGS } from './delivery/craftedDelivery';
import { simulatedEventIn, SIMULATED_EVENTS } from './simulatedEvents';
import type { Sandbox } from './index';
import { isSet, objectOf } from './kit/route';

/** What `GET /_sandbox/` answers about deliveries. */
export const DELIVERY_HELP = {
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
} as const;

function sentenceOf(error: unknown): { error: string } {
	return { error: error instanceof Error ? error.message : String(error) };
}

/**
 * Adds the part of the control interface that is about webhooks.
 * @param app the server
 * @param sandbox what it controls
 */
export function addDeliveryControl(
	app: FastifyInstance,
	sandbox: Pick<Sandbox, 'deliveries' | 'settled' | 'raise' | 'deliver'>,
): void {
	app.get('/_sandbox/deliveries', async (request) => {
		if (isSet(objectOf(request.query).settled)) await sandbox.settled();
		return { deliveries: sandbox.deliveries };
	});
	app.delete('/_sandbox/deliveries', (_request, reply) => {
		sandbox.deliveries.length = 0;
		return reply.code(204).send();
	});
	app.post('/_sandbox/events', (request, reply) => {
		const simulated = simulatedEventIn(request.body);
		if (typeof simulated === 'string') return reply.code(400).send({ error: simulated });
		try {
			sandbox.raise(simulated);
		} catch (error) {
			return reply.code(400).send(sentenceOf(error));
		}
		return reply.code(201).send({ event: simulated });
	});
	app.post('/_sandbox/deliver', async (request, reply) => {
		const crafted = craftedDeliveryIn(request.body);
		if (typeof crafted === 'string') return await reply.code(400).send({ error: crafted });
		try {
			return { delivery: await sandbox.deliver(crafted) };
		} catch (error) {
			return await reply.code(400).send(sentenceOf(error));
		}
	});
}
