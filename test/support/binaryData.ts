import { Container } from '@n8n/di';
import { BinaryDataConfig, BinaryDataService } from 'n8n-core';
import type { IBinaryData } from 'n8n-workflow';

/**
 * Lets the engine keep binary data as n8n does from its start on.
 * @param mode in files, as n8n does by default, or in memory
 * @param folder where the files go
 */
export async function keepBinaryData(
	mode: 'filesystem' | 'default',
	folder: string,
): Promise<void> {
	process.env.N8N_USER_FOLDER ??= folder;
	Object.assign(Container.get(BinaryDataConfig), { mode, localStoragePath: folder });
	await Container.get(BinaryDataService).init();
}

/** @returns the content of a file in the output of a node */
export async function contentOf(file: IBinaryData | undefined): Promise<Buffer> {
	if (!file) throw new Error('There is no such file in the output');
	return await Container.get(BinaryDataService).getAsBuffer(file);
}
