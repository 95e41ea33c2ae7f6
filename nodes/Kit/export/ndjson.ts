import type { FileFormat } from './csv';

/** Each row as Kit sent it, on a line of its own. */
export const ndjson: FileFormat = { head: '', line: (row) => `${JSON.stringify(row)}\n` };
