import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Sandbox } from '../../sandbox';
import type { N8nRest } from '../../scripts/n8n/rest';
import { askOf } from '../support/ask';

const POLL_MS = 200;

/** How many deliveries Kit makes. */
export const DELIVERIES = Number(process.env.SOAK_DELIVERIES ?? 2000);

/** A soak takes as long as it takes. */
export const TIMEOUT_MS = 60 * 60_000;

/** How often n8n is killed meanwhile. */
export const KILLS = DELIVERIES < 1000 ? 2 : 5;

/**
 * Publishes a workflow that starts on every new tag, and waits until n8n hears Kit.
 * @returns its ID
 */
export async function publish(rest: N8nRest, sandbox: Sandbox): Promise<string> {
	const { id: credential, name } = await rest.createCredential({
		name: 'Maton Kit account',
		type: 'matonKitApi',
		data: { apiKey: sandbox.keys.main, connectionId: '', baseUrl: sandbox.url },
	});
	const { id } = await rest.createWorkflow({
		name: 'Soak',
		nodes: [
			{
				id: randomUUID(),
				webhookId: randomUUID(),
				name: 'Kit Trigger',
				type: 'n8n-nodes-maton-kit.kitTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: { events: ['tag.created'] },
				credentials: { matonKitApi: { id: credential, name } },
			},
		],
		connections: {},
	});
	await rest.activateWorkflow(id);
	for (;;) {
		const { webhook_endpoints } = await askOf(sandbox)('GET', '/kit/v4/webhook_endpoints');
		const [endpoint] = webhook_endpoints as { id: number }[];
		// It is signed but empty, so that n8n refuses it either way: for its signature until it can check it.
		const heard = endpoint && (await sandbox.deliver({ endpoint: endpoint.id, events: [] }));
		if (heard?.status === 400) return id;
		await wait(POLL_MS);
	}
}
