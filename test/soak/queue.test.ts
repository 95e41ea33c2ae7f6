import { setTimeout as wait } from 'node:timers/promises';
import { say } from '../../scripts/progress';
import { startQueueMode } from '../queue/queueMode';
import { startRoughProxy } from './roughProxy';
import { NAME, SANDBOX, soak } from './soak';
import { DELIVERIES, KILLS, publish, TIMEOUT_MS } from './workflow';

const POLL_MS = 1000;

test(
	`in queue mode, of ${String(DELIVERIES)} deliveries none is lost, and none starts twice but at kills`,
	async () => {
		const proxy = await startRoughProxy(NAME, 17);
		const n8n = await startQueueMode({
			webhookProcesses: 2,
			webhookUrl: proxy.url,
			sandbox: SANDBOX,
		});
		try {
			proxy.targets.push(...n8n.webhooks.map(({ url }) => url));
			const id = await publish(n8n.rest, n8n.sandbox);
			await n8n.sql(`
			CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN IF random() < 0.1 THEN RAISE EXCEPTION 'disk is full'; END IF; RETURN NEW; END $$;
			CREATE TRIGGER refuse BEFORE INSERT ON execution_entity FOR EACH ROW EXECUTE FUNCTION refuse();
		`);
			const unfinished = async () =>
				await n8n.sql(
					`SELECT count(*) FROM execution_entity WHERE "workflowId" = '${id}' AND status IN ('new', 'running')`,
				);
			const ledger = await soak({
				n8n: {
					killAndRestart: async (kill) => {
						await n8n.webhooks[kill % n8n.webhooks.length]?.killAndRestart();
					},
					executions: async () => {
						while (Number(await unfinished()) > 0) await wait(POLL_MS);
						const rows = await n8n.sql(
							`SELECT json_build_object('status', e.status, 'data', d.data) FROM execution_entity e JOIN execution_data d ON d."executionId" = e.id WHERE e."workflowId" = '${id}'`,
						);
						const lines = rows.split('\n').filter((line) => line !== '');
						return lines.map((line) => JSON.parse(line) as { status: string; data: string });
					},
				},
				sandbox: n8n.sandbox,
				proxy,
				deliveries: DELIVERIES,
				kills: KILLS,
			});
			say(JSON.stringify(ledger, null, 2));
			expect(ledger.lost).toEqual([]);
			expect(ledger.doubled).toEqual([]);
		} finally {
			await n8n.stop();
			await proxy.close();
		}
	},
	TIMEOUT_MS,
);
