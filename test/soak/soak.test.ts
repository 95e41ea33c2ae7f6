import { say } from '../../scripts/progress';
import { table } from './ledger';
import { MODES } from './modes';
import { DELIVERIES, soak } from './soak';

/** A soak takes as long as it takes. */
const TIMEOUT_MS = 60 * 60_000;

test.each(Object.entries(MODES))(
	`in %s mode, of ${String(DELIVERIES)} deliveries none is lost, and none starts twice but at kills`,
	async (name, start) => {
		const ledger = await soak(start);
		say(`What became of everything in ${name} mode:\n${table(ledger)}`);
		expect({ lost: ledger.lost, doubled: ledger.doubled }).toEqual({ lost: [], doubled: [] });
	},
	TIMEOUT_MS,
);
