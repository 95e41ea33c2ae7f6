import { account } from './account';
import { broadcast } from './broadcast';
import type { Cases } from './case';
import { connection } from './connection';
import { purchase } from './purchase';
import { sequence, sequenceEmail } from './sequence';
import { customField, emailTemplate, form, post, segment } from './small';
import { snippet } from './snippet';
import { subscriber } from './subscriber';
import { tag } from './tag';
import { webhook, webhookEndpoint } from './webhook';

/** Every case of every operation: what the tests check and what the documentation is made from. */
export const CASES: Cases = {
	...account,
	...broadcast,
	...connection,
	...customField,
	...emailTemplate,
	...form,
	...post,
	...purchase,
	...segment,
	...sequence,
	...sequenceEmail,
	...snippet,
	...subscriber,
	...tag,
	...webhook,
	...webhookEndpoint,
};
