import { accountOperations } from './ownAccount';
import { broadcastOperations } from './broadcasts';
import { bulkOperations } from './bulk';
import { customFieldOperations } from './customFields';
import { filterOperations } from './filter';
import { memberOperations } from './members';
import { purchaseOperations } from './purchases';
import type { Operations } from './route';
import { sequenceOperations } from './sequences';
import { snippetOperations } from './snippets';
import { subscriberOperations } from './subscribers';
import { webhookOperations } from './webhooks';

/** Every operation of Kit's API that the sandbox has. */
export const kitOperations: Operations = {
	...accountOperations,
	...broadcastOperations,
	...bulkOperations,
	...customFieldOperations,
	...filterOperations,
	...memberOperations,
	...purchaseOperations,
	...sequenceOperations,
	...snippetOperations,
	...subscriberOperations,
	...webhookOperations,
};
