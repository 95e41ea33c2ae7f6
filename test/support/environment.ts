/** n8n logs every failure that a test provokes; the tests say themselves what failed. */
process.env.N8N_LOG_LEVEL = 'silent';
