import { page } from './pages';
import { answer } from './route';
import type { Answer, Call, Route } from './route';
import type { EmailTemplate } from './state';

function row({ id, name, isDefault, category }: EmailTemplate) {
	return { id, name, is_default: isDefault, category };
}

function listTemplates({ account, query }: Call): Answer {
	const list = { rows: account.emailTemplates, key: ({ id }: EmailTemplate) => [id] };
	const { rows, pagination } = page(list, query);
	return answer({ email_templates: rows.map(row), pagination });
}

/** Kit's endpoint for email templates. */
export const emailTemplateRoutes: readonly Route[] = [
	{ method: 'GET', path: '/email_templates', handle: listTemplates },
];
