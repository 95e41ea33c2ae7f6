import type { IDataObject } from 'n8n-workflow';

/** @returns whether a value out of JSON is an object, and no list */
export function isRecord(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
