import type { Request, Response } from 'express';
import { signedHeaders } from '../sandbox/delivery/signature';
import { kitNode } from '../test/support/n8n';
import { TestTrigger } from '../test/support/trigger';
import { sandboxProcess } from './sandbox';
import { cpuMsOf, repeat } from './spread';

const EVENTS = 100;
/** So many deliveries are weighed together, since one is too short for the clock. */
const DELIVERIES = 50;
const RUNS = 7;

let eventIds = 0;

function events() {
	return Array.from({ length: EVENTS }, () => {
		eventIds += 1;
		return {
			id: `evt_${String(eventIds)}`,
			type: 'subscriber.created',
			created: '2026-11-23T10:00:00.000Z',
			data: {
				subscriber: {
					id: eventIds,
					first_name: 'Ada',
					email_address: `ada${String(eventIds)}@example.com`,
					state: 'active',
					created_at: '2026-11-23T10:00:00Z',
					fields: { last_name: 'Lovelace', city: 'London' },
				},
			},
		};
	});
}

/** An answer that nobody waits for. */
function response(): Response {
	const answer = {
		statusCode: 0,
		status(code: number) {
			answer.statusCode = code;
			return answer;
		},
		json: () => answer,
		once: () => answer,
	};
	return answer as unknown as Response;
}

/**
 * Verifies a signed delivery of 100 new events and hands them to the workflow.
 * @returns the processor time of one delivery, in milliseconds
 */
export async function measureDelivery() {
	await kitNode();
	const sandbox = await sandboxProcess({ allowLoopbackWebhooks: true });
	try {
		const trigger = new TestTrigger({
			parameters: { events: ['subscriber.created'] },
			credential: sandbox.credential,
			webhookId: 'hook-of-the-bench',
		});
		await trigger.activate();
		const { registration } = trigger.saved['node:Kit Trigger'] as {
			registration: { endpoint: { secret: string } };
		};
		const { secret } = registration.endpoint;
		let deliveries = 0;
		const once = async () => {
			const calls = Array.from({ length: DELIVERIES }, () => {
				deliveries += 1;
				const number = deliveries;
				const body = { delivery_id: number, events: events() };
				const text = JSON.stringify(body);
				const headers = Object.fromEntries(
					Object.entries(signedHeaders(number, text, [secret])).map(([k, v]) => [
						k.toLowerCase(),
						v,
					]),
				);
				const rawBody = Buffer.from(text);
				return {
					path: '/webhook/kit',
					query: {},
					rawBody,
					readRawBody: async () => {
						await Promise.resolve();
					},
					body,
					headers,
				} as unknown as Request;
			});
			const cpuMs = await cpuMsOf(async () => {
				for (const call of calls) {
					const items = await trigger.call(call, response());
					if (items?.length !== EVENTS) throw new Error(`${String(items?.length)} items came`);
				}
			});
			return { cpuMs: cpuMs / DELIVERIES };
		};
		await once();
		return await repeat(RUNS, once);
	} finally {
		sandbox.stop();
	}
}
