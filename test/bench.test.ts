import { measureDelivery } from '../bench/delivery';
import { measureLoad } from '../bench/load';

/** The others need n8n's own nodes or minutes; these stand on the same support as the tests. */
test.each([
	['delivery', measureDelivery],
	['load', measureLoad],
])('npm run bench can measure %s', async (_, measure) => {
	const spreads = Object.values(await measure());
	expect(spreads.length).toBeGreaterThan(0);
	for (const { median } of spreads) expect(median).toBeGreaterThan(0);
});
