/**
 * @param name of a tag, a person's address, or whatever else people write in more than one way
 * @returns the same for all ways that differ in capitals, or in the form of their accents: Macs type another
 * one than Kit may have
 */
export function foldName(name: string): string {
	return name.normalize('NFC').toLowerCase();
}
