const { createRequire } = require('node:module');
const { n8n } = require('./package.json');

/** @type {(file: string) => Record<string, unknown>} */
const load = createRequire(__filename);

/**
 * The classes that n8n loads, by the files that `n8n` in package.json names.
 * @type {Record<string, unknown>}
 */
module.exports = [...n8n.credentials, ...n8n.nodes].reduce(
	(classes, file) => ({ ...classes, ...load(`./${file}`) }),
	{},
);
