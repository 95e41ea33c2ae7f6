import { NOT_FOUND, refusal, SENTENCE, useKit } from './client';
import type { Row } from './client';

const client = useKit();
const { kit, row, rows } = client;

describe('Email templates and segments', () => {
	test('are listed, one template being the default', async () => {
		const templates = await rows('/email_templates', 'email_templates');
		expect(templates.filter((template) => template.is_default === true)).toHaveLength(1);
		expect(Object.keys(templates[0] ?? {})).toEqual(['id', 'name', 'is_default', 'category']);
		const segments = await rows('/segments', 'segments');
		expect(segments.length).toBeGreaterThan(0);
		expect(Object.keys(segments[0] ?? {})).toEqual(['id', 'name', 'created_at']);
	});

	test('are other ones in another account', async () => {
		const names = async (connection: string) => {
			const response = await fetch(`${client.sandbox.url}/kit/v4/forms`, {
				headers: {
					authorization: `Bearer ${client.sandbox.keys.main}`,
					'maton-connection': connection,
				},
			});
			const { forms } = (await response.json()) as { forms: Row[] };
			return forms.map(({ name }) => name);
		};
		const { main, second } = client.sandbox.connections;
		expect(await names(second)).not.toEqual(await names(main));
	});
});

describe('Posts', () => {
	test('have their content when asked for, and alone', async () => {
		const listed = await rows('/posts', 'posts');
		expect(listed[0]).not.toHaveProperty('content');
		for (const post of await rows('/posts?include_content=true', 'posts')) {
			expect(await row(200, 'post', 'GET', `/posts/${String(post.id)}`)).toEqual(post);
		}
		expect(await kit('GET', '/posts/1')).toEqual(NOT_FOUND);
	});

	test('share their publication with the broadcast that they were sent as', async () => {
		const sent = (await rows('/posts', 'posts')).filter(({ sent_at: sentAt }) => sentAt !== null);
		const broadcasts = await rows('/broadcasts', 'broadcasts');
		expect(sent.length).toBeGreaterThan(0);
		for (const { publication_id: publication, title } of sent) {
			const same = broadcasts.find((one) => one.publication_id === publication);
			expect(same).toMatchObject({ subject: title, public: true });
		}
	});
});

describe('Snippets', () => {
	const create = async (about: object) =>
		await row(201, 'snippet', 'POST', '/snippets', { name: 'My Note', ...about });
	const inline = { snippet_type: 'inline', content: 'Hello {{ subscriber.first_name }}' };
	const block = { snippet_type: 'block', document_attributes: { value_html: '<p>Hi</p>' } };

	test('are texts or blocks, with a key that stays', async () => {
		const text = await create(inline);
		expect(text).toMatchObject({ key: 'my-note', content: inline.content, archived: false });
		const rich = await create(block);
		expect(rich).toMatchObject({ key: 'my-note-2', document: { value_html: '<p>Hi</p>' } });
		const path = `/snippets/${String(text.id)}`;
		const renamed = await row(200, 'snippet', 'PUT', path, { name: 'Other', content: 'New' });
		expect(renamed).toMatchObject({ name: 'Other', key: 'my-note', content: 'New' });
		expect(renamed.document).toMatchObject({ version: 2 });
		expect(await row(200, 'snippet', 'GET', path)).toEqual(renamed);
	});

	test('are listed by type, and archived ones only when asked for', async () => {
		const { id } = await create(inline);
		const ids = async (query: string) =>
			(await rows(`/snippets${query}`, 'snippets')).map((snippet) => snippet.id);
		expect(await ids('?snippet_type=inline')).toContain(id);
		expect(await ids('?snippet_type=block')).not.toContain(id);
		await kit('PUT', `/snippets/${String(id)}`, { archived: true });
		expect(await ids('')).not.toContain(id);
		expect(await ids('?archived=true')).toContain(id);
		await kit('PUT', `/snippets/${String(id)}`, { archived: false });
		expect(await ids('')).toContain(id);
		expect((await rows('/snippets', 'snippets'))[0]).not.toHaveProperty('document');
		const whole = await rows('/snippets?include_content=true', 'snippets');
		expect(whole[0]).toMatchObject({ content: inline.content, document: { version: 1 } });
		expect(await kit('GET', '/snippets?snippet_type=code')).toEqual(
			refusal('snippet_type must be one of: inline, block'),
		);
	});

	test('keep their type', async () => {
		const [text, rich] = [await create(inline), await create(block)];
		const fixed = refusal('snippet_type cannot be changed');
		const put = async ({ id }: Row, body: object) =>
			await kit('PUT', `/snippets/${String(id)}`, body);
		expect(await put(text, { snippet_type: 'block' })).toEqual(fixed);
		expect(await put(text, { document_attributes: { value_html: 'x' } })).toEqual(fixed);
		expect(await put(rich, { content: 'x' })).toEqual(fixed);
		expect((await put(rich, block)).status).toBe(200);
	});

	test('do not contain themselves', async () => {
		const circular = { ...inline, content: 'See {{ snippet.my-note }}' };
		expect(await kit('POST', '/snippets', { name: 'My note', ...circular })).toEqual(
			refusal(SENTENCE),
		);
		const { id } = await create(inline);
		await create({ name: 'Around', ...circular });
		const body = { content: '{{ snippet.around }}' };
		expect(await kit('PUT', `/snippets/${String(id)}`, body)).toEqual(refusal(SENTENCE));
	});

	test.each<[object, string]>([
		[{ ...inline }, "name can't be blank"],
		[{ name: 'x', content: 'x' }, "snippet_type can't be blank"],
		[{ name: 'x', snippet_type: 'inline' }, "content can't be blank"],
		[{ name: 'x', snippet_type: 'block', content: 'x' }, SENTENCE],
	])('are refused: %j', async (body, sentence) => {
		expect(await kit('POST', '/snippets', body)).toEqual(refusal(sentence));
	});
});

describe('Purchases', () => {
	const product = { name: 'Book', pid: 'p1', lid: 'l1', quantity: 2, unit_price: 10, sku: 'S' };
	const purchase = {
		email_address: 'buyer@example.com',
		transaction_id: 'T1',
		status: 'paid',
		subtotal: 20,
		tax: 1.5,
		shipping: 0,
		discount: 0,
		total: 21.5,
		currency: 'EUR',
		transaction_time: '2026-02-17T11:43:55+02:00',
		products: [product],
	};

	test('are listed after they were made, and bring a new subscriber', async () => {
		const { shipping, ...rest } = purchase;
		const created = await row(201, 'purchase', 'POST', '/purchases', { purchase });
		const [subscriber] = await rows(
			`/subscribers?email_address=${purchase.email_address}`,
			'subscribers',
		);
		expect(created).toEqual({
			...rest,
			id: created.id,
			subscriber_id: subscriber?.id,
			transaction_time: '2026-02-17T09:43:55Z',
		});
		expect(shipping).toBe(0);
		expect((await rows('/purchases', 'purchases'))[0]).toEqual(created);
		const path = `/purchases/${String(created.id)}`;
		expect(await row(200, 'purchase', 'GET', path)).toEqual(created);
		expect(await kit('GET', '/purchases/1')).toEqual(NOT_FOUND);
	});

	test('grow where their transaction is sent again, with the wrapper or without it', async () => {
		const created = await row(201, 'purchase', 'POST', '/purchases', purchase);
		const other = { ...product, lid: 'l2' };
		const again = await row(201, 'purchase', 'POST', '/purchases', {
			purchase: { ...purchase, products: [other] },
		});
		expect(again).toEqual({ ...created, products: [product, other] });
	});

	test.each<[object, string]>([
		[{ transaction_id: '' }, 'Transaction cannot be blank'],
		[{ email_address: undefined }, SENTENCE],
		[{ email_address: 'nobody' }, SENTENCE],
		[{ products: [] }, SENTENCE],
		[{ products: [{ ...product, lid: '' }] }, SENTENCE],
		[{ products: [product, product] }, SENTENCE],
		[{ total: 'much' }, SENTENCE],
		[{ transaction_time: 'now' }, SENTENCE],
	])('are refused: %j', async (about, sentence) => {
		const before = await rows('/purchases', 'purchases');
		const reply = await kit('POST', '/purchases', { purchase: { ...purchase, ...about } });
		expect(reply).toEqual(refusal(sentence));
		expect(await rows('/purchases', 'purchases')).toEqual(before);
	});
});
