import type { Profile } from './state';

/**
 * A text as a part of a URL or as a key, such as `my-newsletter-post`.
 * @param text such as a name
 */
export function slugOf(text: string): string {
	return text
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[^a-z\d]+/g, '-')
		.replace(/^-+|-+$/g, '');
}

/** Where an account's forms, posts and profile are. */
export function siteOf({ name }: Profile): string {
	return `https://${slugOf(name)}.kit.com`;
}

/** The links in an email, each once. */
export function linksIn(content: string | null): string[] {
	const found = (content ?? '').matchAll(/href="(https?:\/\/[^"]+)"/g);
	return [...new Set([...found].map(([, url]) => url ?? ''))];
}
