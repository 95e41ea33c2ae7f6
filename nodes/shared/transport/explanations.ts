/** What a person reads when something failed: what happened, and what to do about it. */
export interface Explanation {
	message: string;
	description: string;
}

/** A response whose status is no success, and what it was about. */
export interface FailedResponse {
	status: number;
	body: unknown;
	/** The request's method and its path below the gateway's base URL */
	method: string;
	path: string;
	/** The email address that the request named besides, if any */
	emailAddress?: string;
}

/** What to do where Kit refuses a value. */
export const CHECK_DATA = 'Correct the value that Kit names and run the node again';

/** What to correct where the wrong account was asked; the Kit Trigger has only the credential's. */
export const USED_CONNECTION =
	'the connection that is used (Connection in the node, or Connection ID in the credential)';

const RECONNECT =
	'Open maton.ai, connect Kit again, delete the old connection, and name the new one where the node or the credential named the old one';

/** What to do, by who refused (Maton's documentation of its errors; Kit's answers pass through it). */
const FROM_MATON: Record<number, Explanation> = {
	400: {
		message: 'Maton has no active Kit connection for this API key or Connection ID',
		description: `Connect Kit at maton.ai, or correct ${USED_CONNECTION}. The Connection operation Get Many lists what the key can use.`,
	},
	401: {
		message: 'Maton did not accept the API key',
		description: 'Copy the key again from maton.ai/settings into the credential',
	},
	403: {
		message: 'The Kit connection at Maton does not have the access that this needs',
		description: RECONNECT,
	},
	404: {
		message: 'The gateway does not know this address',
		description:
			'Check the Base URL in the credential: it is https://api.maton.ai unless you run a gateway of your own, without /kit at its end',
	},
	429: {
		message: 'Maton still refused after several tries, because too many requests arrive',
		description:
			'Maton allows 10 requests a second for one key. Let fewer workflows run at the same time, or try again later.',
	},
	500: {
		message: 'Maton could not reach Kit',
		description: `Mostly the authorisation of the Kit connection has expired. ${RECONNECT}.`,
	},
};

/** Kit refuses with 403 what a plan does not cover, and more subscribers than its limit (Kit's document). */
const UPGRADE = `Kit does not allow this for the connected account: its plan may not cover it, or its limit of subscribers is reached. Then upgrade the plan in Kit. If the plan covers it: ${RECONNECT}.`;

/** What to do where something that was named does not exist. */
export const NOT_THERE = `It does not exist, or belongs to another Kit account: check it, and ${USED_CONNECTION}`;

const FROM_KIT: Record<number, string> = {
	400: CHECK_DATA,
	401: `Kit did not accept the connection that Maton holds. ${RECONNECT}.`,
	402: UPGRADE,
	403: UPGRADE,
	413: 'Kit still works on earlier bulk requests. Try again in some minutes.',
	422: CHECK_DATA,
};

const KIT_RATE_LIMIT: Explanation = {
	message: 'Kit still refused after several tries, because too many requests arrive',
	description:
		'Kit allows 600 requests a minute for one connection. Let fewer workflows run at the same time, or try again later.',
};

const FILTER = '/kit/v4/subscribers/filter';

/** Kit answers a condition that it does not know with 500 and no sentence (Kit's own SDK tests). */
const NOT_UNDERSTOOD: Explanation = {
	message: 'Kit could not filter by these conditions',
	description:
		'Kit does not say which one it does not understand. Check the conditions one by one; if they are right, try again later.',
};

/** What Kit lets nobody do with a connection by API key (Kit's documentation). */
const NEEDS_OAUTH = /^\/kit\/v4\/(bulk\/|purchases|webhook_endpoints)/;

const OAUTH = `Bulk operations, purchases and webhook endpoints need a connection to Kit by OAuth2, and one by API key has no access to them. The Connection operation Get Many shows the method of each. If it is API_KEY: connect Kit at maton.ai by OAuth2, and name the new connection in the node or in the credential; where Kit offers no OAuth2, as on free plans, upgrade the plan in Kit first. If it is OAUTH2: ${RECONNECT}.`;

const STATS_OF_BROADCASTS = '/kit/v4/broadcasts/stats';

/** Kit answers 403, and by its document without a sentence, where the account has no Pro plan. */
const NEEDS_PRO: Explanation = {
	message: 'Kit gives the stats of many broadcasts at once only to accounts on its Pro plan',
	description:
		'Use Get Stats for each broadcast, which is not bound to that plan, or upgrade the plan in Kit',
};

const STATS = /^\/kit\/v4\/subscribers\/(filter|\d+\/stats)$/;

const FIVE_YEARS =
	'Kit keeps email stats for five years and refuses earlier dates: correct the value that Kit names, and choose later dates';

const TRY_LATER = 'Try again in some minutes. If it stays, look at Kit’s and Maton’s status pages.';

/**
 * @param response whose status is no success
 * @returns Kit's own sentences where they came from Kit, the meaning of the status where they came
 * from Maton, and what to do
 */
export function explainStatus(response: FailedResponse): Explanation {
	const { status, body, method, path } = response;
	const sentences = kitSentences(body);
	const subject = status === 404 ? subjectOf(response) : '';
	if (sentences.length > 0) {
		return {
			message: sentences.join('; ') + (subject && ` (${subject})`),
			description: adviceOfKit(response, subject),
		};
	}
	if (status === 403 && path === STATS_OF_BROADCASTS && !isFromMaton(body)) return NEEDS_PRO;
	if (status === 402) return { message: 'Kit asks for another plan', description: UPGRADE };
	if (status === 429 && isFromKit(status, body)) return KIT_RATE_LIMIT;
	if (status === 500 && path === FILTER) return NOT_UNDERSTOOD;
	if (subject && !path.startsWith('/kit/')) {
		return {
			message: `Maton knows no ${subject}`,
			description: 'The Connection operation Get Many lists the connections of this API key',
		};
	}
	if (status >= 300 && status < 400) {
		return {
			message: `The gateway answered ${String(status)}, a redirection, which is not followed`,
			description:
				'Check the Base URL in the credential: it must be where the gateway itself answers',
		};
	}
	return (
		FROM_MATON[status] ?? {
			message: `The gateway answered ${String(status)} to ${method} ${path}`,
			description: TRY_LATER,
		}
	);
}

/** What to do about an answer of Kit's own. */
function adviceOfKit({ status, path }: FailedResponse, subject: string): string {
	if (status === 404) {
		return subject.includes(', ') ? NOT_THERE.replace('It', 'One of these') : NOT_THERE;
	}
	if (status === 401 && NEEDS_OAUTH.test(path)) return OAUTH;
	if (status === 403 && path === STATS_OF_BROADCASTS) return NEEDS_PRO.description;
	if (status === 400 && STATS.test(path)) return FIVE_YEARS;
	return FROM_KIT[status] ?? TRY_LATER;
}

const NETWORK_ERRORS: Record<string, string> = {
	EAI_AGAIN: 'Its name could not be looked up: check the network of this n8n',
	ERR_INVALID_URL:
		'The Base URL in the credential is not an address. It should look like https://api.maton.ai',
};

/** What may come of a wrong address. */
const WRONG_ADDRESS: Record<string, string> = {
	ENOTFOUND: 'Its name is unknown',
	ECONNREFUSED: 'Nothing answers there',
};

const TIMEOUTS = ['ETIMEDOUT', 'ECONNABORTED', 'ERR_CANCELED'];

/**
 * @param code the code of the error that the network gave, such as `ECONNRESET`
 * @param http what the settings of the node say of its requests, of which either may be to blame
 * @returns what it means for the person
 */
export function explainNetworkError(
	code: string,
	http: { proxy?: unknown; timeout?: unknown } = {},
): Explanation {
	const through = http.proxy === undefined ? '' : ' through the proxy';
	return {
		message: `The Maton gateway could not be reached${through}`,
		description: adviceOfNetwork(code, http),
	};
}

function adviceOfNetwork(code: string, http: { proxy?: unknown; timeout?: unknown }): string {
	if (TIMEOUTS.includes(code)) {
		const raise =
			http.timeout === undefined ? '' : ', or raise the Timeout in the settings of this node';
		return `It did not answer in time: try again later${raise}`;
	}
	const wrong = isCertificateError(code) ? 'Its certificate is not trusted' : WRONG_ADDRESS[code];
	if (wrong !== undefined) {
		const address =
			http.proxy === undefined
				? 'Base URL in the credential'
				: 'Proxy in the settings of this node';
		return `${wrong}: check the ${address}`;
	}
	return (
		NETWORK_ERRORS[code] ?? 'The connection broke off: check the network of this n8n, and try again'
	);
}

/** Where one of these ends a request, nothing of it has left this n8n. */
const NEVER_LEFT = new Set([
	'ENOTFOUND',
	'EAI_AGAIN',
	'ECONNREFUSED',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ERR_INVALID_URL',
]);

/**
 * @param code the code of the error that the network gave
 * @returns whether the request cannot have reached anybody
 */
export function neverLeft(code: string): boolean {
	return NEVER_LEFT.has(code) || isCertificateError(code);
}

/**
 * As Node names what is wrong with a certificate (`X509_CERT_ERRORS` in its sources). Its other errors of
 * TLS, such as `ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC`, may come when the request has been answered.
 */
function isCertificateError(code: string): boolean {
	return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH/.test(
		code,
	);
}

/** What a person reads when a response is not what Kit's documentation promises. */
export function explainUnreadable(what: string): Explanation {
	return {
		message: `The response cannot be read: ${what}`,
		description:
			'Something between n8n and Kit changed or cut off the response. Check the Base URL in the credential, and try again later.',
	};
}

/** Added where a write was sent, its response was lost, and sending it again might do it twice. */
export const UNKNOWN_OUTCOME =
	'It is unknown whether Kit carried this out: look in Kit before you run it again, since that could do it twice.';

/**
 * @param body a response's body, or a failure in it
 * @returns Kit's sentences, which answers about sequences nest; empty where the body is not Kit's
 */
export function kitSentences(body: unknown): string[] {
	if (!hasErrors(body)) return [];
	return [body.errors]
		.flat(Infinity)
		.filter((sentence): sentence is string => typeof sentence === 'string');
}

/**
 * @param status of a response that is no success
 * @param body of the same
 * @returns whether it is Kit's own word; a gateway's or a proxy's is not. Kit has `errors` in its bodies,
 * but for 429, which is plain text (Kit's documentation of rate limits).
 */
export function isFromKit(status: number, body: unknown): boolean {
	const isRetryLater = typeof body === 'string' && body.trim() === 'Retry later';
	return hasErrors(body) || (status === 429 && isRetryLater);
}

/** Maton has one sentence in its bodies, under `error`. */
function isFromMaton(body: unknown): boolean {
	return typeof body === 'object' && body !== null && 'error' in body;
}

function hasErrors(body: unknown): body is { errors: unknown } {
	return typeof body === 'object' && body !== null && 'errors' in body;
}

/** `/kit/v4/tags/12/subscribers/7` → `tag 12, subscriber 7` */
function subjectOf({ path, emailAddress }: FailedResponse): string {
	const named = [...path.matchAll(/\/([a-z_]+)\/([0-9a-f-]*\d[0-9a-f-]*)(?=\/|$)/g)].map(
		([, plural = '', id = '']) =>
			`${plural.replace(/ies$/, 'y').replace(/s$/, '').replaceAll('_', ' ')} ${id}`,
	);
	return [...named, ...(emailAddress ? [`subscriber ${emailAddress}`] : [])].join(', ');
}
