/**
 * @typedef {{time: number, event: string, about: string, host: string, attempt: number,
 *   status: number | null, error: string | null}} Delivery
 * @typedef {{id: string, account: string, state: string}} Connection
 * @typedef {{key: string, lagMs: number, listening: number, connections: Connection[],
 *   deliveries: Delivery[]}} Summary
 * @typedef {{id: number, name: string, email_address: string, subject: string}} Row
 */

const REFRESH_MS = 1500;
const MOST_LINES = 5;

const NAMES = ['Mia', 'Noah', 'Lena', 'Sam', 'Iris', 'Omar', 'Ruth', 'Leo', 'Nina', 'Paul'];

const LAGS = [
	{ lagMs: 0, label: 'At once' },
	{ lagMs: 30_000, label: '30 seconds late' },
	{ lagMs: 300_000, label: '5 minutes late' },
];

/** @param {string} id */
function element(id) {
	const found = document.getElementById(id);
	if (!found) throw new Error(`The page has no ${id}`);
	return found;
}

/** @type {Summary | undefined} */
let summary;

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<unknown>} what is answered; throws the sentences of an error
 */
async function ask(method, path, body) {
	const response = await fetch(path, {
		method,
		headers: {
			authorization: `Bearer ${summary?.key ?? ''}`,
			...(body && { 'content-type': 'application/json' }),
		},
		...(body && { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	if (!response.ok)
		throw new Error(`${method} ${path} was answered ${String(response.status)}: ${text}`);
	return text === '' ? undefined : /** @type {unknown} */ (JSON.parse(text));
}

/**
 * @param {string} path
 * @param {string} key the name of the list, or of the record
 * @param {object} [body]
 */
async function post(path, key, body) {
	const answer = /** @type {Record<string, Row>} */ (
		await ask('POST', `/kit/v4/${path}`, body ?? {})
	);
	return /** @type {Row} */ (answer[key]);
}

/** The form that people join through: the oldest, unless it was deleted. */
async function welcomeForm() {
	const { forms } = /** @type {{forms: Row[]}} */ (await ask('GET', '/kit/v4/forms'));
	const form = forms.at(-1);
	if (!form) throw new Error('This Kit has no form any more');
	return form;
}

/** @param {string} type */
async function simulate(type) {
	const { email_address } = await reader();
	await ask('POST', '/_sandbox/events', { type, subscriber: email_address });
	return email_address;
}

/** @type {Row | undefined} */
let latest;

/** Somebody new, at an address that nobody else has. */
async function subscribe() {
	const number = String(Date.now()).slice(-6);
	const first_name = NAMES[Number(number) % NAMES.length] ?? 'Mia';
	const email_address = `${first_name.toLowerCase()}.${number}@example.com`;
	latest = await post('subscribers', 'subscriber', { first_name, email_address });
	return latest;
}

/** Who came last, or somebody new where nobody came yet. */
async function reader() {
	return latest ?? (await subscribe());
}

/** What can happen: what the button says, and what is told afterwards. */
const HAPPENINGS = [
	{
		label: 'Somebody subscribes',
		happen: async () => `${(await subscribe()).email_address} subscribed.`,
	},
	{
		label: 'Joins through a form',
		happen: async () => {
			const { id, email_address } = await subscribe();
			const form = await welcomeForm();
			await post(`forms/${String(form.id)}/subscribers/${String(id)}`, 'subscriber');
			return `${email_address} joined through the form “${form.name}”.`;
		},
	},
	{
		label: 'Gets a tag',
		happen: async () => {
			const { id, email_address } = await reader();
			const tag = await post('tags', 'tag', { name: 'VIP' });
			await post(`tags/${String(tag.id)}/subscribers/${String(id)}`, 'subscriber');
			return `${email_address} got the tag “${tag.name}”.`;
		},
	},
	{
		label: 'Buys something',
		happen: async () => {
			const { email_address } = await reader();
			const now = Date.now();
			const product = { name: 'Notebook', sku: 'N-1', pid: 'notebook', lid: '1' };
			const purchase = {
				transaction_id: `T-${String(now)}`,
				transaction_time: new Date(now).toISOString(),
				email_address,
				status: 'paid',
				currency: 'USD',
				subtotal: 12.5,
				tax: 0,
				shipping: 0,
				discount: 0,
				total: 12.5,
				products: [{ ...product, unit_price: 12.5, quantity: 1 }],
			};
			await post('purchases', 'purchase', { purchase });
			return `${email_address} bought a ${product.name}.`;
		},
	},
	{
		label: 'Clicks a link',
		happen: async () => `${await simulate('subscriber.link_clicked')} clicked a link.`,
	},
	{
		label: 'Finishes a sequence',
		happen: async () => `${await simulate('subscriber.sequence_completed')} finished a sequence.`,
	},
	{
		label: 'Unsubscribes',
		happen: async () => {
			const { id, email_address } = await reader();
			await ask('POST', `/kit/v4/subscribers/${String(id)}/unsubscribe`);
			latest = undefined;
			return `${email_address} unsubscribed.`;
		},
	},
	{
		label: 'Bounces',
		happen: async () => {
			const email_address = await simulate('subscriber.bounced');
			latest = undefined;
			return `An email to ${email_address} bounced.`;
		},
	},
	{
		label: 'You send a broadcast',
		happen: async () => {
			const sent = { subject: 'A letter from the demo', content: '<p>Hello</p>' };
			const send_at = new Date().toISOString();
			await post('broadcasts', 'broadcast', { ...sent, public: false, send_at });
			return `“${sent.subject}” is sent to everybody. That takes a minute.`;
		},
	},
];

/**
 * @param {string} sentence
 * @param {string} [kind] its class
 */
function tell(sentence, kind = '') {
	const line = document.createElement('li');
	line.className = kind;
	line.textContent = sentence;
	const done = element('done');
	done.prepend(line);
	while (done.children.length > MOST_LINES) done.lastElementChild?.remove();
}

/**
 * @param {string} label
 * @param {(button: HTMLButtonElement) => Promise<void>} press
 */
function button(label, press) {
	const made = document.createElement('button');
	made.type = 'button';
	made.textContent = label;
	made.addEventListener('click', () => {
		made.disabled = true;
		press(made)
			.catch((/** @type {unknown} */ error) => {
				tell(error instanceof Error ? error.message : String(error), 'bad');
			})
			.finally(() => {
				made.disabled = false;
			});
	});
	return made;
}

/**
 * @param {string} id of the table's body
 * @param {(string | {text: string, kind: string})[][]} rows
 */
function fill(id, rows) {
	const made = rows.map((cells) => {
		const row = document.createElement('tr');
		for (const cell of cells) {
			const { text, kind } = typeof cell === 'string' ? { text: cell, kind: '' } : cell;
			const box = document.createElement('td');
			box.className = kind;
			box.textContent = text;
			row.append(box);
		}
		return row;
	});
	element(id).replaceChildren(...made);
}

/** @param {Delivery} delivery */
function answered({ status, error, attempt }) {
	const tries = attempt > 1 ? `, try ${String(attempt)}` : '';
	if (error !== null) return { text: `none: ${error}${tries}`, kind: 'bad' };
	if (status === null) return 'waiting';
	const taken = status >= 200 && status < 300;
	return { text: `${String(status)}${tries}`, kind: taken ? 'good' : 'bad' };
}

/** @param {number} count of webhooks */
function listening(count) {
	if (count === 0) return 'Nobody listens yet: no workflow has a webhook at this Kit.';
	return `${String(count)} ${count === 1 ? 'webhook' : 'webhooks'} at this Kit. The latest deliveries come first.`;
}

/** Shows what there is now. */
async function refresh() {
	const now = /** @type {Summary} */ (await ask('GET', '/_sandbox/page/summary'));
	summary = now;
	element('key').textContent = now.key;
	element('url').textContent = location.origin;
	element('listening').textContent = listening(now.listening);
	fill(
		'delivered',
		now.deliveries.map((delivery) => [
			new Date(delivery.time).toLocaleTimeString(),
			delivery.event,
			delivery.about,
			delivery.host,
			answered(delivery),
		]),
	);
	fill(
		'connections',
		now.connections.map(({ account, id, state }) => [account, { text: id, kind: 'code' }, state]),
	);
	for (const each of element('lags').querySelectorAll('button')) {
		each.ariaPressed = String(each.value === String(now.lagMs));
	}
}

for (const { label, happen } of HAPPENINGS) {
	const pressed = async () => {
		tell(await happen());
		await refresh();
	};
	element('buttons').append(button(label, pressed));
}
for (const { lagMs, label } of LAGS) {
	const pressed = async () => {
		await ask('PUT', '/_sandbox/settings', { lagMs });
		await refresh();
	};
	const made = button(label, pressed);
	made.value = String(lagMs);
	element('lags').append(made);
}

await refresh();
setInterval(() => {
	refresh().catch(() => {
		element('listening').textContent = 'The sandbox has been stopped.';
	});
}, REFRESH_MS);
