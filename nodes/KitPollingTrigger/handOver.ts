import type { IPollFunctions } from 'n8n-workflow';
import { ExecutionCancelledError } from 'n8n-workflow';

type Emit = IPollFunctions['__emit'];

/** How n8n itself hands over what a poll returns, by the context of the polls. */
const own = new WeakMap<IPollFunctions, Emit>();

/** A run that was stopped, or is over already, was taken. */
function isRefusal(error: unknown): boolean {
	if (error instanceof ExecutionCancelledError) return false;
	return (error as Error | undefined)?.constructor.name !== 'ExecutionNotFoundError';
}

/**
 * n8n saves the static data of a poll, and then the run that it starts; a node is not told when the database
 * refuses the run. It does tell the promise that `__emit` takes besides, since about 2.41 of a refusal too
 * (`trigger-execution-context.factory.ts` in n8n). Older versions tell it nothing then, so they are left alone.
 * @param context of the poll, which n8n goes on using
 * @param undo what is to be done where n8n does not take the run of what this poll returns
 */
export function afterRefusal(context: IPollFunctions, undo: () => void): void {
	if (!('getPollBudgetMs' in context)) return;
	const emit = own.get(context) ?? context.__emit.bind(context);
	own.set(context, emit);
	context.__emit = (data, responsePromise, donePromise) => {
		context.__emit = emit;
		const told = context.helpers.createDeferredPromise<
			Awaited<NonNullable<typeof donePromise>['promise']> | undefined
		>();
		told.promise.catch((error: unknown) => {
			if (isRefusal(error)) undo();
		});
		emit(data, responsePromise, donePromise ?? told);
	};
}
