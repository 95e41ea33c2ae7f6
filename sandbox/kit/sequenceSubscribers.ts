import { addition, pageOfMembers } from './memberLists';
import { answer, invalid } from './route';
import type { Answer, Call, Route } from './route';
import { sequenceIn } from './sequences';
import type { Member, Sequence, Subscriber } from './state';
import { listedSubscriber, writtenSubscriber } from './subscriberRows';
import { subscriberByEmail, subscriberIn } from './subscribers';

function listSubscribers(call: Call): Answer {
	const sequence = sequenceIn(call, 'sequence_id');
	const { rows, pagination } = pageOfMembers(call, sequence.members);
	const row = (member: Member) => ({
		...listedSubscriber(call.account, member.subscriber, false),
		...addition(member),
	});
	return answer({ subscribers: rows.map(row), pagination });
}

function addSubscriber({ account }: Call, sequence: Sequence, subscriber: Subscriber): Answer {
	if (!sequence.active) throw invalid('Sequence is inactive');
	const existing = sequence.members.of(subscriber);
	const member = existing ?? account.addToSequence(sequence, subscriber);
	const row = { ...writtenSubscriber(account, subscriber), ...addition(member) };
	return answer({ subscriber: row }, existing ? 200 : 201);
}

function addByEmail(call: Call): Answer {
	const sequence = sequenceIn(call, 'sequence_id');
	return addSubscriber(call, sequence, subscriberByEmail(call, 'add subscriber to sequence'));
}

function addById(call: Call): Answer {
	const sequence = sequenceIn(call, 'sequence_id');
	return addSubscriber(call, sequence, subscriberIn(call));
}

/** Kit's endpoints about who is in a sequence. */
export const sequenceSubscriberRoutes: readonly Route[] = [
	{ method: 'GET', path: '/sequences/:sequence_id/subscribers', handle: listSubscribers },
	{ method: 'POST', path: '/sequences/:sequence_id/subscribers', handle: addByEmail },
	{ method: 'POST', path: '/sequences/:sequence_id/subscribers/:id', handle: addById },
];
