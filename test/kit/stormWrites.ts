import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { TestSandbox } from '../support/sandbox';
import { byId, mapped } from './cases/case';

type Value = string | number;

type Row = Record<string, Value | boolean | Record<string, Value>>;

/** Some writes of one kind. */
export interface Kind {
	/** The operation, as `resource.operation` */
	name: string;
	/** Whether Kit may be asked twice without doing it twice */
	safe: boolean;
	parameters: INodeParameters;
	items: Record<string, Value>[];
	/** What of an item tells it from the others, by the field of the item */
	by: string;
	/** What is there afterwards, each as often as it is there, in the words of `by` */
	landed: () => Promise<Value[]>;
}

/** As many items as asked for, which differ in one field. */
const numbered = (count: number, field: string, value: (number: number) => Value) =>
	Array.from({ length: count }, (_, number) => ({ [field]: value(number) }));

/** What is in the sandbox, read without the node. */
export class Contents {
	constructor(private readonly sandbox: TestSandbox) {}

	/** All rows of a list; of subscribers those of any state. */
	async rows(path: string, key: string): Promise<Row[]> {
		const found: Row[] = [];
		for (let after = ''; ;) {
			const query = new URLSearchParams({ per_page: '1000', after });
			if (key === 'subscribers') query.set('status', 'all');
			const body = await this.sandbox.ask('GET', `/kit/v4/${path}?${query.toString()}`);
			found.push(...(body[key] as Row[]));
			const { has_next_page: more, end_cursor: cursor } = body.pagination as Row;
			if (more !== true) return found;
			after = cursor as string;
		}
	}

	/** One value of each row of a list: of those that begin with a text, where one is given. */
	async values(path: string, key: string, name: string, start = ''): Promise<Value[]> {
		const values = (await this.rows(path, key)).map((row) => row[name] as Value);
		return values.filter((value) => String(value).startsWith(start));
	}

	/** The ids of subscribers. */
	async ids(path = 'subscribers'): Promise<Value[]> {
		return await this.values(path, 'subscribers', 'id');
	}
}
/**
 * @param sandbox of at least 10,000 subscribers; what the writes need is created in it
 * @returns 10,000 writes: 9,400 items of bulk operations and 600 single ones
 */
export async function writes(sandbox: TestSandbox): Promise<Kind[]> {
	const contents = new Contents(sandbox);
	const create = async (path: string, key: string, body: IDataObject) =>
		(await sandbox.ask('POST', `/kit/v4/${path}`, body))[key] as Record<string, Value>;
	const { id: tag } = await create('tags', 'tag', { name: 'Storm' });
	const { id: singleTag } = await create('tags', 'tag', { name: 'Storm, one by one' });
	const field = await create('custom_fields', 'custom_field', { label: 'Storm' });
	const [form] = await contents.values('forms', 'forms', 'id');
	const formMembers = async () => await contents.ids(`forms/${String(form)}/subscribers`);
	const before = new Set(await formMembers());
	const ids = await contents.ids();
	const outside = ids.filter((id) => !before.has(id));
	const firstIds = (count: number) => numbered(count, 'id', (number) => ids[number] ?? 0);
	const whoseRow = async (matches: (row: Row) => boolean) =>
		(await contents.rows('subscribers', 'subscribers'))
			.filter(matches)
			.map(({ id }) => id as Value);
	const subscriberId = byId('={{ $json.id }}');

	return [
		{
			name: 'tag.addToSubscribers',
			safe: true,
			parameters: { tagId: byId(tag), subscriberId },
			items: firstIds(3000),
			by: 'id',
			landed: async () => await contents.ids(`tags/${String(tag)}/subscribers`),
		},
		{
			name: 'subscriber.createMany',
			safe: true,
			parameters: { emailAddress: '={{ $json.email }}' },
			items: numbered(3000, 'email', (number) => `many${String(number)}@example.com`),
			by: 'email',
			landed: async () =>
				await contents.values('subscribers', 'subscribers', 'email_address', 'many'),
		},
		{
			name: 'customField.setValues',
			safe: true,
			parameters: { subscriberId, customFields: mapped({ [field.key ?? '']: 'wet' }) },
			items: firstIds(2000),
			by: 'id',
			landed: async () =>
				await whoseRow(({ fields }) => (fields as Row)[field.key ?? ''] === 'wet'),
		},
		{
			name: 'form.addSubscribers',
			safe: true,
			parameters: { formId: byId(form), subscriberId },
			items: numbered(1000, 'id', (number) => outside[number] ?? 0),
			by: 'id',
			landed: async () => (await formMembers()).filter((id) => !before.has(id)),
		},
		{
			name: 'tag.createMany',
			safe: true,
			parameters: { name: '={{ $json.name }}' },
			items: numbered(400, 'name', (number) => `Many ${String(number)}`),
			by: 'name',
			landed: async () => await contents.values('tags', 'tags', 'name', 'Many '),
		},
		{
			name: 'subscriber.create',
			safe: true,
			parameters: { emailAddress: '={{ $json.email }}' },
			items: numbered(120, 'email', (number) => `single${String(number)}@example.com`),
			by: 'email',
			landed: async () =>
				await contents.values('subscribers', 'subscribers', 'email_address', 'single'),
		},
		{
			name: 'tag.create',
			safe: true,
			parameters: { name: '={{ $json.name }}' },
			items: numbered(100, 'name', (number) => `Single ${String(number)}`),
			by: 'name',
			landed: async () => await contents.values('tags', 'tags', 'name', 'Single '),
		},
		{
			name: 'tag.addToSubscriber',
			safe: true,
			parameters: { tagId: byId(singleTag), subscriberId },
			items: firstIds(120),
			by: 'id',
			landed: async () => await contents.ids(`tags/${String(singleTag)}/subscribers`),
		},
		{
			name: 'subscriber.update',
			safe: true,
			parameters: { subscriberId, firstName: 'Drenched' },
			items: numbered(60, 'id', (number) => ids[5000 + number] ?? 0),
			by: 'id',
			landed: async () => await whoseRow(({ first_name: name }) => name === 'Drenched'),
		},
		{
			name: 'snippet.create',
			safe: false,
			parameters: { name: '={{ $json.name }}', snippetType: 'inline', content: 'Hello' },
			items: numbered(80, 'name', (number) => `Storm ${String(number)}`),
			by: 'name',
			landed: async () => await contents.values('snippets', 'snippets', 'name', 'Storm '),
		},
		{
			name: 'broadcast.create',
			safe: false,
			parameters: { subject: '={{ $json.subject }}', content: '<p>Hi</p>' },
			items: numbered(60, 'subject', (number) => `Storm ${String(number)}`),
			by: 'subject',
			landed: async () => await contents.values('broadcasts', 'broadcasts', 'subject', 'Storm '),
		},
		{
			name: 'purchase.create',
			safe: false,
			parameters: {
				emailAddress: 'buyer@example.com',
				transactionId: '={{ $json.transaction }}',
				products: {
					product: [
						{ name: 'Umbrella', productId: '1', lineItemId: '1', quantity: 1, unitPrice: 9 },
					],
				},
			},
			items: numbered(60, 'transaction', (number) => `storm-${String(number)}`),
			by: 'transaction',
			landed: async () =>
				await contents.values('purchases', 'purchases', 'transaction_id', 'storm-'),
		},
	];
}
