/** What a built node waits by for Kit's lists. */
interface Patience {
	LagPatience: new () => { delay(asked: number, now: number): number | undefined };
}

const PATIENCE = '../../dist/nodes/shared/transport/lagPatience';

let mockPass: ((seconds: number) => void) | undefined;

/**
 * Lets the time pass at once for which a node waits until it asks Kit's lists again. It asks as often as it would.
 * @param pass lets the same time pass at Kit; without it the node waits indeed
 */
export function passLag(pass?: (seconds: number) => void): void {
	mockPass = pass;
}

// The documentation is made with the same helpers, outside of Jest.
if (typeof jest !== 'undefined') {
	jest.mock('../../dist/nodes/shared/transport/lagPatience', () => {
		const { LagPatience } = jest.requireActual<Patience>(PATIENCE);
		return {
			LagPatience: class extends LagPatience {
				private passedMs = 0;

				override delay(asked: number, now: number): number | undefined {
					const delayMs = super.delay(asked, now + this.passedMs);
					if (delayMs === undefined || !mockPass) return delayMs;
					this.passedMs += delayMs;
					mockPass(delayMs / 1000);
					return 0;
				}
			},
		};
	});
}
