/**
 * Lets a test move the present forward, for the nodes and the sandbox alike.
 * @returns what moves it, in seconds
 */
export function useClock(): (seconds: number) => void {
	const { now } = Date;
	let aheadMs = 0;
	beforeEach(() => {
		aheadMs = 0;
		jest.spyOn(Date, 'now').mockImplementation(() => now() + aheadMs);
	});
	afterEach(() => {
		jest.restoreAllMocks();
	});
	return (seconds) => {
		aheadMs += seconds * 1000;
	};
}
