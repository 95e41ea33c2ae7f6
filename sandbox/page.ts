import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { PostedDelivery } from './delivery/sender';
import type { Sandbox } from './index';
import { objectOf } from './kit/route';
import type { Connection, Connections } from './maton/connections';

const FILES = { 'index.html': 'text/html', 'page.css': 'text/css', 'page.js': 'text/javascript' };

const MOST_DELIVERIES = 12;

/** Whom or what the first event of a delivery is about, as a person would say it. */
function aboutOf(body: unknown): string {
	const events = objectOf(body).events;
	const many = Array.isArray(events) ? (events as unknown[]) : [body];
	const event = objectOf(many[0]);
	const data = { ...event, ...objectOf(event.data) };
	const named = [
		objectOf(data.subscriber).email_address,
		objectOf(data.purchase).email_address,
		data.email_address,
		objectOf(data.broadcast).subject,
		objectOf(data.post).title,
	];
	const first = named.find((name) => typeof name === 'string') ?? '';
	return many.length > 1 ? `${first} and ${String(many.length - 1)} more` : first;
}

/** A delivery without its body and headers, and without the path of its address: that holds a token. */
function deliveryRow({ time, event, body, url, attempt, status, error }: PostedDelivery) {
	return { time, event, about: aboutOf(body), host: new URL(url).host, attempt, status, error };
}

function stateOf({ status, defect, method }: Connection): string {
	if (status !== 'ACTIVE') return `${status.toLowerCase()}: nobody has authorized it yet`;
	if (defect === 'expired') return 'active, but its authorization has expired';
	if (defect === 'readOnly') return 'active, and may only read';
	return method === 'API_KEY' ? 'active, with an API key of Kit, which may do less' : 'active';
}

/** Adds the page that a person sees at the sandbox's address, about the sandbox and its connections. */
export function addPage(
	app: FastifyInstance,
	sandbox: Pick<Sandbox, 'keys' | 'settings' | 'deliveries'>,
	connections: () => Connections,
): void {
	app.get('/', async (_request, reply) => await reply.redirect('/_sandbox/page/index.html'));
	for (const [file, type] of Object.entries(FILES)) {
		app.get(`/_sandbox/page/${file}`, async (_request, reply) => {
			const content = readFileSync(join(__dirname, 'page', file));
			return await reply.type(`${type}; charset=utf-8`).send(content);
		});
	}
	app.get('/_sandbox/page/summary', () => {
		const own = connections().of(sandbox.keys.main);
		const accounts = connections().accounts();
		return {
			key: sandbox.keys.main,
			lagMs: sandbox.settings.lagMs,
			listening: accounts.flatMap((one) => [one.webhooks, one.webhookEndpoints]).flat().length,
			connections: own.map((one) => ({
				id: one.id,
				account: one.account?.profile.name ?? '',
				state: stateOf(one),
			})),
			deliveries: sandbox.deliveries.slice(-MOST_DELIVERIES).reverse().map(deliveryRow),
		};
	});
}
