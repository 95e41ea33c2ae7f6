import { accountRoutes } from './account';
import { bulkRoutes } from './bulk';
import { customFieldRoutes } from './customFields';
import { filterRoutes } from './filter';
import type { Route } from './route';
import { subscriberLocationRoutes } from './subscriberLocation';
import { subscriberRoutes } from './subscribers';
import { tagRoutes } from './tags';
import { tagSubscriberRoutes } from './tagSubscribers';

/** Every operation of Kit's API that the sandbox has, one file of routes a resource. */
export const kitRoutes: readonly Route[] = [
	...accountRoutes,
	...bulkRoutes,
	...customFieldRoutes,
	...filterRoutes,
	...subscriberRoutes,
	...subscriberLocationRoutes,
	...tagRoutes,
	...tagSubscriberRoutes,
];
