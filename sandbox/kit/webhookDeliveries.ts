import { DAY, iso, isoOrNull } from './dates';
import { page } from './pages';
import { answer, choiceIn, idIn, notFound } from './route';
import type { Answer, Call, Route } from './route';
import { byId, DELIVERY_STATUSES } from './state';
import type { Delivery, DeliveryAttempt } from './state';
import { endpointIn } from './webhookEndpoints';
import { ENDPOINT_EVENTS } from './webhookEvents';

/** How long Kit keeps deliveries. */
const KEPT = 30 * DAY;

/** Kit documents `id`, `status`, `attempt_count` and `completed_at`; the other keys are guesses. */
function deliveryRow(delivery: Delivery) {
	return {
		id: delivery.id,
		event_type: delivery.eventType,
		status: delivery.status,
		attempt_count: delivery.attempts.length,
		created_at: iso(delivery.createdAt),
		completed_at: isoOrNull(delivery.completedAt),
	};
}

function attemptRow(attempt: DeliveryAttempt) {
	return {
		attempted_at: iso(attempt.at),
		response_status: attempt.responseStatus,
		response_body: attempt.responseBody,
		duration_ms: attempt.durationMs,
	};
}

/** Whether a delivery is still kept. */
function isKept({ account }: Call): (delivery: Delivery) => boolean {
	const since = account.now() - KEPT;
	return ({ createdAt }) => createdAt >= since;
}

function listDeliveries(call: Call): Answer {
	const { query } = call;
	const endpoint = endpointIn(call);
	const status = choiceIn(query.status, 'status', DELIVERY_STATUSES);
	const type = choiceIn(query.event_type, 'event_type', ENDPOINT_EVENTS);
	const kept = isKept(call);
	const keep = (delivery: Delivery) =>
		kept(delivery) &&
		(status === undefined || delivery.status === status) &&
		(type === undefined || delivery.eventType === type);
	const list = { rows: endpoint.deliveries, key: ({ id }: Delivery) => [id], keep };
	const { rows, pagination } = page(list, query);
	return answer({ deliveries: rows.map(deliveryRow), pagination });
}

function getDelivery(call: Call): Answer {
	const delivery = byId(endpointIn(call).deliveries, idIn(call, 'delivery_id'));
	if (delivery === undefined || !isKept(call)(delivery)) throw notFound();
	const { events, attempts } = delivery;
	return answer({
		delivery: { ...deliveryRow(delivery), events, attempts: attempts.map(attemptRow) },
	});
}

const PATH = '/webhook_endpoints/:id/deliveries';

/** Kit's endpoints for what was delivered to webhook endpoints. */
export const webhookDeliveryRoutes: readonly Route[] = [
	{ method: 'GET', path: PATH, handle: listDeliveries },
	{ method: 'GET', path: `${PATH}/:delivery_id`, handle: getDelivery },
];
