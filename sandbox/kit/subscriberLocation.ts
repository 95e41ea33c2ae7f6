import { isTimeZone } from './fields';
import { answer, EMPTY, invalid, isObject, textOf } from './route';
import type { Answer, Call, Route } from './route';
import type { Location } from './state';
import { subscriberIn } from './subscribers';

/** What Kit documents as the parts of a location in a request. */
const PARTS = ['city', 'state_province', 'country_code', 'latitude', 'longitude', 'timezone'];

/** A coordinate in degrees, null where none is sent, NaN where it is no such number. */
function degreesIn(value: unknown, most: number): number | null {
	if (value === undefined || value === null) return null;
	const degrees = Number(textOf(value) ?? NaN);
	return Math.abs(degrees) <= most ? degrees : NaN;
}

/**
 * Reads a location.
 * @param required the parts that must be there: the country for a new pin, all six for a replaced one
 */
function locationIn({ body }: Call, required: readonly string[]): Location {
	if (!isObject(body.location)) throw invalid("Location can't be blank");
	const sent = body.location;
	const missing = required.filter((part) => (textOf(sent[part]) ?? '') === '');
	if (missing.length > 0) throw invalid(...missing.map((part) => `${part} can't be blank`));
	const location = {
		city: textOf(sent.city) ?? null,
		state: textOf(sent.state_province) ?? null,
		country: textOf(sent.country_code) ?? null,
		latitude: degreesIn(sent.latitude, 90),
		longitude: degreesIn(sent.longitude, 180),
		timezone: textOf(sent.timezone) ?? null,
	};
	const wrong: string[] = [];
	if (!/^[A-Z]{2}$/.test(location.country ?? '')) wrong.push('country_code is invalid');
	if (Number.isNaN(location.latitude)) wrong.push('latitude is invalid');
	if (Number.isNaN(location.longitude)) wrong.push('longitude is invalid');
	if (location.timezone !== null && !isTimeZone(location.timezone)) {
		wrong.push('timezone is invalid');
	}
	if (wrong.length > 0) throw invalid(...wrong);
	return location;
}

/** Kit answers a pin with the subscriber's id and the location. */
function setPin(call: Call, required: readonly string[]): Answer {
	const subscriber = subscriberIn(call, 'subscriber_id');
	const pinnedLocation = locationIn(call, required);
	call.account.updateSubscriber(subscriber, { pinnedLocation });
	return answer({ subscriber: { id: subscriber.id, location: pinnedLocation } });
}

function removePin(call: Call): Answer {
	const subscriber = subscriberIn(call, 'subscriber_id');
	call.account.updateSubscriber(subscriber, { pinnedLocation: null });
	return EMPTY;
}

const PATH = '/subscribers/:subscriber_id/location';

/** Kit's endpoints for the pinned location of a subscriber. */
export const subscriberLocationRoutes: readonly Route[] = [
	{ method: 'POST', path: PATH, handle: (call) => setPin(call, ['country_code']) },
	{ method: 'PATCH', path: PATH, handle: (call) => setPin(call, PARTS) },
	{ method: 'DELETE', path: PATH, handle: removePin },
];
