import { accountRoutes } from './account';
import { broadcastRoutes } from './broadcasts';
import { broadcastStatsRoutes } from './broadcastStats';
import { bulkRoutes } from './bulk';
import { customFieldRoutes } from './customFields';
import { emailTemplateRoutes } from './emailTemplates';
import { filterRoutes } from './filter';
import { formRoutes } from './forms';
import { postRoutes } from './posts';
import { purchaseRoutes } from './purchases';
import type { Route } from './route';
import { segmentRoutes } from './segments';
import { sequenceEmailRoutes } from './sequenceEmails';
import { sequenceRoutes } from './sequences';
import { sequenceSubscriberRoutes } from './sequenceSubscribers';
import { snippetRoutes } from './snippets';
import { subscriberLocationRoutes } from './subscriberLocation';
import { subscriberRoutes } from './subscribers';
import { tagRoutes } from './tags';
import { tagSubscriberRoutes } from './tagSubscribers';
import { webhookDeliveryRoutes } from './webhookDeliveries';
import { webhookEndpointRoutes } from './webhookEndpoints';
import { webhookRoutes } from './webhooks';

/** Every operation of Kit's API that the sandbox has, one file of routes a resource. */
export const kitRoutes: readonly Route[] = [
	...accountRoutes,
	...broadcastRoutes,
	...broadcastStatsRoutes,
	...bulkRoutes,
	...customFieldRoutes,
	...emailTemplateRoutes,
	...filterRoutes,
	...formRoutes,
	...postRoutes,
	...purchaseRoutes,
	...segmentRoutes,
	...sequenceRoutes,
	...sequenceEmailRoutes,
	...sequenceSubscriberRoutes,
	...snippetRoutes,
	...subscriberRoutes,
	...subscriberLocationRoutes,
	...tagRoutes,
	...tagSubscriberRoutes,
	...webhookRoutes,
	...webhookEndpointRoutes,
	...webhookDeliveryRoutes,
];
