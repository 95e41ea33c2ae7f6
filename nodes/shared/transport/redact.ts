/** What the Kit Trigger puts into the URLs of its webhooks: a token, or a secret that it sealed. */
const TOKEN_IN_URL = /([?&]token=)[\w-]{32,}/gi;

/** @returns a text without the tokens and sealed secrets in the URLs of it */
export function hideTokens(text: string): string {
	return text.replaceAll(TOKEN_IN_URL, '$1[hidden]');
}

/**
 * @param text a sentence that may quote what was sent or answered
 * @returns it without Maton's connection links and without the secrets of webhooks
 */
export function redactPatterns(text: string): string {
	return hideTokens(
		text
			.replaceAll(/\w+:\/\/[^\s"]*session_token=[^\s"]*/gi, '[hidden link]')
			.replaceAll(/whsec_[^\s"',;&?]+/gi, '[hidden secret]'),
	);
}

/**
 * @param text a sentence that may quote what was sent or answered
 * @param apiKey the Maton key
 * @returns it without secrets, and without the key in any form in which HTTP or JSON carry it
 */
export function redact(text: string, apiKey: string): string {
	const forms = [apiKey, `Bearer ${apiKey}`].flatMap((form) => [
		Buffer.from(form).toString('base64'),
		Buffer.from(form).toString('base64url'),
		encodeURIComponent(form),
		JSON.stringify(form).slice(1, -1),
	]);
	return [...forms, apiKey]
		.filter((form) => form.replace('Bearer ', '') !== '')
		.reduce(
			(hidden, form) =>
				hidden.replaceAll(
					form,
					form.startsWith('Bearer ') ? 'Bearer [hidden key]' : '[hidden key]',
				),
			redactPatterns(text),
		);
}
