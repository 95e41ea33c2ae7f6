import type { IDataObject } from 'n8n-workflow';
import { WATCHES } from '../../nodes/KitPollingTrigger/watches';
import { describedNode } from './description';
import { exampleBlock } from './example';
import { fieldLines } from './fields';

/** What missed events become. */
const ITEMS_OF_THE_TRIGGER =
	'Its items are of the form of the Kit Trigger’s of [the events](events.md), with the `delivery_id`. What something else than the trigger answered, such as n8n while it starts, is not among them: [Get Missed Events](trigger.md#what-did-not-arrive) has it.';

/**
 * @param items the item of each watch, by its value
 * @returns the page about the trigger that polls, with an item of every watch
 */
export function pollingPage(items: ReadonlyMap<string, IDataObject>): string {
	const { properties, description } = describedNode('KitPollingTrigger');
	const sections = WATCHES.flatMap(({ name, value, description: happening, notice }) => {
		const item = items.get(value);
		const example = item ? exampleBlock(item) : ITEMS_OF_THE_TRIGGER;
		return [`### ${name}`, `${happening}. ${notice}`, example];
	});
	return (
		[
			'# Kit Polling Trigger',
			'[All pages](README.md)',
			`${description}. It asks at the **Poll Times** of the node, at most once a minute, and needs no webhook. ` +
				'For everything that Kit announces by itself, the [Kit Trigger](events.md) is faster.',
			fieldLines(properties.filter(({ name }) => name !== 'pollTimes')).join('\n'),
			'## What it promises',
			[
				'- The first poll after the workflow is published sets a mark and starts nothing. So does another choice in the node, or another account in its credential; a new key for the same account does not, nor an expression among the conditions that gives another day. Renaming the node does too, since n8n keeps what a node remembers by its name.',
				'- Where neither the credential nor the node names a connection, Maton chooses the oldest one that is active. So a poll that finds something asks whose account it is as well, and sets a new mark where it is another than before.',
				'- What conditions call by its name is looked up again once an hour: a tag that is deleted and made anew is the new one then, and one that gets another name stays what is meant until something else has the name.',
				'- What happens after that starts a run once, in its order, however many there are: all of one poll in one run. Kit’s lists are up to five minutes behind, some rows more than others, so what comes late is awaited for an hour.',
				'- A poll that fails is shown under Executions and made up by the next.',
				'- The mark of another account, to which the credential leads since it was changed under a published workflow, is saved with the next run. Where n8n ends before that, it sets the mark anew when it starts; publish the workflow after such a change. A workflow that is exported with its static data, as n8n’s command line does, takes its mark along: where it is published elsewhere, all since then starts a run there.',
				'- n8n saves what was reported first, and the run right after it. Where its database refuses the run, the next poll brings it again (n8n 2.41 and newer; older versions lose it). Where n8n is killed in the milliseconds between the two, or ends after such a refusal without another poll, that run is lost: at most once. With `N8N_POLLER_DURABLE_CURSORS_ENABLED` (n8n 2.41 and newer, with what it needs) both are saved in one transaction, and nothing is lost. n8n then breaks off a poll after 45 seconds and begins it anew: set `N8N_SCHEDULER_POLL_TIMEOUT` to 600 where more than 5,000 people match what is watched.',
				'- After a restart n8n goes on where it was. After a long pause all that happened meanwhile comes in one run.',
				'- In the editor, **Fetch Test Event** shows some of the latest, and changes nothing.',
				'- Remembered are at most 10,000 things of the last hour, in n8n’s static data of the workflow; of opens, clicks and filters everybody who is counted, in 2 to 3 bytes each.',
				'- n8n saves static data of a workflow as a whole, when a run ends that has changed any. Where another node of the workflow keeps something there too, such as a Code node or Only New Since Last Run, a long run may put back an old mark, and what was reported since comes again after n8n starts again. Such nodes belong in another workflow.',
			].join('\n'),
			'## What it watches',
			'Items are of the form of [the Kit Trigger’s](events.md), so that a workflow can change from one to the other; of a tag and a form they have the ID alone, and of a broadcast not its content.',
			...sections,
		].join('\n\n') + '\n'
	);
}
