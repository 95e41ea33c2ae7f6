/** The token by which the Kit Trigger knows that Kit calls its classic webhooks. */
export const TOKEN_IN_URL = /([?&]token=)[0-9a-f]{32}/g;

/**
 * @param text a sentence that may quote what was sent
 * @param apiKey the Maton key
 * @returns the sentence without the key in any form in which HTTP or JSON carry it, without Maton's
 * connection links and without the secrets of webhooks
 */
export function redact(text: string, apiKey: string): string {
	const shown = text
		.replaceAll(/https?:\/\/\S*session_token=\S*/g, '[hidden link]')
		.replaceAll(/whsec_\w+/g, '[hidden secret]')
		.replaceAll(TOKEN_IN_URL, '$1[hidden]');
	const forms = [
		apiKey,
		encodeURIComponent(apiKey),
		JSON.stringify(apiKey).slice(1, -1),
		base64(apiKey),
	];
	return forms
		.filter((form) => form !== '')
		.reduce((hidden, form) => hidden.replaceAll(form, '[hidden key]'), shown);
}

function base64(text: string): string {
	return Buffer.from(text).toString('base64');
}
