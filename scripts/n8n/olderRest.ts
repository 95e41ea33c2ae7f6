import { N8nError, N8nRest, type Workflow, type WorkflowContent } from './rest';

/** n8n's internal REST interface as n8n has had it since 1.x, where that differs from 2.41. */
export class OlderN8nRest extends N8nRest {
	/** @returns whether n8n serves what its editor asks for first */
	async answersEditor(): Promise<boolean> {
		return await this.hasOwner().then(
			() => true,
			() => false,
		);
	}

	/** Older versions want to be told that the new workflow is inactive. */
	override async createWorkflow(content: WorkflowContent): Promise<Workflow> {
		return await super.createWorkflow({ ...content, active: false } as WorkflowContent);
	}

	/** Before n8n 2 had versions to publish, a workflow was activated by saving it as active. */
	override async activateWorkflow(id: string): Promise<void> {
		try {
			await super.activateWorkflow(id);
		} catch (error) {
			if (!(error instanceof N8nError) || error.status !== 404) throw error;
			const { versionId } = await this.workflow(id);
			await this.rest('PATCH', `/workflows/${id}`, { active: true, versionId });
		}
	}

	/** Older versions want the whole workflow, as the editor has it. */
	override async startWorkflow(id: string, triggerName: string): Promise<string | undefined> {
		const started = await this.rest('POST', `/workflows/${id}/run`, {
			workflowData: await this.workflow(id),
			triggerToStartFrom: { name: triggerName },
		});
		return (started as { executionId?: string }).executionId;
	}
}
