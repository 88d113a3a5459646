// Whole addresses in bytes of any kind: process memory, system calls, files. One pass for all addresses in all forms.
//
// What a form must have in common with memory to be found is a window of it, so that a copy that was overwritten in part is found
// too: 8 characters of a text (12 where it is percent-encoded or in nibbles), 8 bytes of IPv6, all 4 bytes of IPv4.
import { randomBytes } from 'node:crypto';
import { addressBytes, encoded } from './canary.mjs';

const WINDOW = 8;
const WIDE_WINDOW = 12;

// Addresses that belong to nobody and stand in no document: 240.0.0.0/4 (reserved), 4000::/3 (unassigned). No byte is 0, no
// octet has fewer than three digits, and half of the IPv6 ones have zeros to compress.
export function drawAddress(family) {
    // No octet below 120: 1.3.101.110 to 113 are names of curves, and stand in the memory of every program with OpenSSL.
    if (family === 4) return [241 + (randomBytes(1)[0] % 14), ...randomBytes(3).map((byte) => 120 + (byte % 136))].join('.');
    // A letter in each group: object identifiers of other libraries are digits with dots, as the reversed form would be.
    const below = (limit) => randomBytes(1)[0] % limit;
    const group = (first = 1 + below(15)) => [first, 10 + below(6), 1 + below(15), below(16)].map((digit) => digit.toString(16)).join('');
    const first = group(4 + below(2));
    return [first, ...Array.from({ length: 7 }, group)].join(':');
}

const groupsOf = (bytes) => bytes.toString('hex').match(/.{4}/g);

// Every way to write the address as text, by name; in lower case.
export function spellings(address) {
    const bytes = addressBytes(address);
    const hexadecimal = bytes.toString('hex');
    if (bytes.length === 4) {
        return {
            text: address,
            reversed: [...bytes].reverse().join('.'),
            hexadecimal,
            'as a number': String(bytes.readUInt32BE()),
            'as a number of the machine': String(bytes.readUInt32LE()),
            'mapped into IPv6': `::ffff:${hexadecimal.slice(0, 4)}:${hexadecimal.slice(4)}`,
            'percent-encoded': encoded(address),
        };
    }
    return {
        text: address,
        'in short': groupsOf(bytes).map((group) => group.replace(/^0{1,3}/, '')).join(':'),
        'in full': groupsOf(bytes).join(':'),
        hexadecimal,
        reversed: [...hexadecimal].reverse().join('.'),
        'percent-encoded': encoded(address),
        'percent-encoded colons': address.replaceAll(':', '%3a'),
    };
}

function* windows(bytes, length) {
    for (let at = 0; at + length <= bytes.length; at++) yield bytes.subarray(at, at + length);
    if (bytes.length < length) yield bytes;
}

function* needlesOf(address) {
    const bytes = addressBytes(address);
    for (const [form, text] of Object.entries(spellings(address))) {
        const wide = form.startsWith('percent') || (form === 'reversed' && bytes.length === 16);
        for (const window of windows(Buffer.from(text), wide ? WIDE_WINDOW : WINDOW)) yield { address, form, bytes: window, folded: true };
    }
    for (const window of windows(bytes, WINDOW)) yield { address, form: 'network order', bytes: window, folded: false };
    for (const window of windows(Buffer.from(bytes).reverse(), WINDOW)) yield { address, form: 'machine order', bytes: window, folded: false };
}

const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

const nameOf = ({ bytes, folded }) => `${folded} ${bytes.latin1Slice()}`; // many forms share windows

// A search for these addresses, at some 100 MB a second however many they are.
export function searchFor(addresses) {
    const needles = [...new Map(addresses.flatMap((address) => [...needlesOf(address)]).map((needle) => [nameOf(needle), needle])).values()];
    const bits = Math.min(20, Math.max(12, Math.ceil(Math.log2(needles.length * 16))));
    const slotOf = (word) => Math.imul(word, 0x9e3779b1) >>> (32 - bits);
    const first = new Int32Array(1 << bits).fill(-1); // by a hash of the first four bytes in lower case
    const next = new Int32Array(needles.length);
    const some = new Uint8Array(1 << (bits - 3)); // the same as bits, small enough for the cache
    needles.forEach(({ bytes }, i) => {
        const slot = slotOf(bytes.subarray(0, 4).reduce((word, byte) => (word << 8) | LOWER[byte], 0));
        next[i] = first[slot];
        first[slot] = i;
        some[slot >> 3] |= 1 << (slot & 7);
    });
    const matches = (needle, at, bytes) => {
        if (at + needle.bytes.length > bytes.length) return false;
        for (let i = 0; i < needle.bytes.length; i++) {
            const byte = bytes[at + i];
            if ((needle.folded ? LOWER[byte] : byte) !== needle.bytes[i]) return false;
        }
        return true;
    };
    return {
        addresses,
        // -> [{address, form, at, place}], one for each address and form of a place.
        in(bytes, place) {
            const hits = new Map();
            let word = 0;
            for (let end = 0; end < bytes.length; end++) {
                word = (word << 8) | LOWER[bytes[end]];
                if (word === 0 || end < 3) continue; // most of memory is empty
                const slot = slotOf(word);
                if ((some[slot >> 3] & (1 << (slot & 7))) === 0) continue;
                for (let i = first[slot]; i >= 0; i = next[i]) {
                    if (!matches(needles[i], end - 3, bytes)) continue;
                    const { address, form } = needles[i];
                    const name = `${address} (${form}) in ${place}`;
                    if (!hits.has(name)) hits.set(name, { address, form, at: end - 3, place, name });
                }
            }
            return [...hits.values()];
        },
    };
}
