import { startSandbox } from '../../sandbox';
import { say } from '../../scripts/progress';
import { SharedN8n } from '../e2e/support/shared';
import { startRoughProxy } from './roughProxy';
import { NAME, SANDBOX, soak } from './soak';
import { DELIVERIES, KILLS, publish, TIMEOUT_MS } from './workflow';

test(
	`of ${String(DELIVERIES)} deliveries none is lost, and none starts twice but at kills`,
	async () => {
		const proxy = await startRoughProxy(NAME, 17);
		const sandbox = await startSandbox(SANDBOX);
		const { signal } = new AbortController();
		const n8n = await SharedN8n.start(signal, { WEBHOOK_URL: `${proxy.url}/` });
		try {
			proxy.targets.push(n8n.rest.url);
			const id = await publish(n8n.rest, sandbox);
			// One in ten runs is more than the database takes.
			await n8n.sql([
				"CREATE TRIGGER refuse BEFORE INSERT ON execution_entity WHEN abs(random()) % 10 = 0 BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
			]);
			const ledger = await soak({
				n8n: {
					killAndRestart: async () => {
						await n8n.restart('kill');
					},
					executions: async () =>
						(await n8n.sql([
							'SELECT e.status, d.data FROM execution_entity e JOIN execution_data d ON d.executionId = e.id WHERE e.workflowId = ?',
							id,
						])) as { status: string; data: string }[],
				},
				sandbox,
				proxy,
				deliveries: DELIVERIES,
				kills: KILLS,
			});
			say(JSON.stringify(ledger, null, 2));
			expect(ledger.lost).toEqual([]);
			expect(ledger.doubled).toEqual([]);
		} finally {
			await n8n.stop();
			await sandbox.close();
			await proxy.close();
		}
	},
	TIMEOUT_MS,
);
