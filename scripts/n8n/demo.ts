import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure';
import { ownerOf, passwordFile } from './owner';
import type { CommunityPackage } from './package';
import {
	N8nError,
	type Credential,
	type N8nRest,
	type NodeType,
	type Owner,
	type WorkflowContent,
	type WorkflowSummary,
} from './rest';

const CREDENTIAL_TYPE = 'matonKitApi';
const CREDENTIAL_NAME = 'Maton Kit (demo)';

export interface Gateway {
	apiKey: string;
	connectionId: string;
	baseUrl: string;
}

/**
 * Logs in as the owner of a folder, who is created in a new n8n.
 * @param rest n8n
 * @param userFolder the folder with n8n's data
 * @returns the owner
 * @throws {Failure} when the owner is another, or has another password
 */
export async function enter(rest: N8nRest, userFolder: string): Promise<Owner> {
	const owner = await ownerOf(userFolder);
	if (!(await rest.hasOwner())) {
		await rest.createOwner(owner);
		return owner;
	}
	try {
		await rest.login(owner);
		return owner;
	} catch (error) {
		if (!(error instanceof N8nError)) throw error;
		throw new Failure(
			`The demo owner ${owner.email} could not log in: ${error.message}. ` +
				`If you changed the password, write the new one into ${passwordFile(userFolder)}; ` +
				`else remove ${userFolder} to start afresh.`,
		);
	}
}

/**
 * The nodes of a package, without the variants n8n makes of them for AI agents.
 * @param rest n8n, logged in
 * @param community the package
 * @returns their descriptions
 * @throws {Failure} when n8n has loaded none
 */
export async function nodesOf(rest: N8nRest, community: CommunityPackage): Promise<NodeType[]> {
	const types = await rest.nodeTypes();
	const own = types.filter(({ name }) => name.startsWith(`${community.name}.`));
	const names = new Set(own.map(({ name }) => name));
	const isVariant = (name: string): boolean => {
		const original = name.replace(/(Hitl)?Tool$/, '');
		return original !== name && names.has(original);
	};
	const nodes = own.filter(({ name }) => !isVariant(name));
	if (nodes.length > 0) return nodes;
	throw new Failure('n8n started, but it has loaded no node of this package. Its log says why.');
}

/**
 * Creates the demo credential, or points it at this start's gateway.
 * @param rest n8n, logged in
 * @param gateway the sandbox, or Maton itself
 * @returns the credential
 */
export async function saveDemoCredential(rest: N8nRest, gateway: Gateway): Promise<Credential> {
	return await rest.saveCredential({
		name: CREDENTIAL_NAME,
		type: CREDENTIAL_TYPE,
		data: { ...gateway },
	});
}

/** Puts the credential into the nodes that want one. */
function withCredential(
	workflow: WorkflowContent,
	community: CommunityPackage,
	{ id, name }: Credential,
): WorkflowContent {
	const nodes = workflow.nodes.map((node) => {
		const wantsIt =
			node.type.startsWith(`${community.name}.`) || node.credentials?.[CREDENTIAL_TYPE];
		if (!wantsIt) return node;
		return { ...node, credentials: { ...node.credentials, [CREDENTIAL_TYPE]: { id, name } } };
	});
	return { ...workflow, nodes };
}

async function readExamples(folder: string): Promise<WorkflowContent[]> {
	const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.json'));
	return await Promise.all(
		files.sort().map(async (file) => {
			return JSON.parse(await readFile(join(folder, file), 'utf8')) as WorkflowContent;
		}),
	);
}

/**
 * Imports the example workflows that are not there yet, known by their names. One that is there is
 * left alone: somebody may have changed it.
 * @param rest n8n, logged in
 * @param folder the folder with the examples
 * @param community the package whose nodes get the credential
 * @param credential the credential
 * @returns all examples, with the ids n8n gave them
 */
export async function importExamples(
	rest: N8nRest,
	folder: string,
	community: CommunityPackage,
	credential: Credential,
): Promise<WorkflowSummary[]> {
	const examples = await readExamples(folder);
	const there = new Set((await rest.workflows()).map(({ name }) => name));
	for (const { name, nodes, connections, pinData, settings } of examples) {
		if (there.has(name)) continue;
		await rest.createWorkflow(
			withCredential({ name, nodes, connections, pinData, settings }, community, credential),
		);
	}
	const all = await rest.workflows();
	return all.filter(({ name }) => examples.some((example) => example.name === name));
}

/**
 * Publishes again what is published, so that its webhooks are made at a Kit that knows nothing of them.
 * @param rest n8n, logged in
 * @returns the names of what is published now, and of what could not be published again
 */
export async function publishAgain(
	rest: N8nRest,
): Promise<{ published: string[]; unpublished: string[] }> {
	const published: string[] = [];
	const unpublished: string[] = [];
	for (const { id, name } of (await rest.workflows()).filter(({ active }) => active)) {
		await rest.deactivateWorkflow(id);
		try {
			await rest.activateWorkflow(id);
			published.push(name);
		} catch (error) {
			if (!(error instanceof N8nError)) throw error;
			unpublished.push(name);
		}
	}
	return { published, unpublished };
}
