/** Maton's key and what belongs to it. On Windows, names are the same in any case. */
const MATON = /^MATON_/i;

/**
 * The environment for a process that this one starts: whoever is to have the key is handed it, and nobody
 * inherits it, such as the install scripts of packages.
 * @returns {NodeJS.ProcessEnv} that of this process without `MATON_API_KEY` and its like
 */
exports.childEnvironment = () =>
	Object.fromEntries(Object.entries(process.env).filter(([name]) => !MATON.test(name)));
