// Texts that point at somebody, and the search for thousands of them at once.
import { encoded } from '../support/canary.mjs';

const FIRST = ['kari', 'ola', 'ingrid', 'mohammed', 'nora', 'emil', 'aisha', 'lars', 'maja', 'jakob', 'sunniva', 'petter'];
const LAST = ['nordmann', 'hansen', 'olsen', 'berg', 'haugen', 'ali', 'moen', 'dahl', 'lunde', 'bakken', 'sætre', 'ødegård'];
const SYLLABLES = ['ka', 'ri', 'to', 'ne', 'mu', 'li', 'sa', 've', 'do', 'ny'];
const VECTORS = ['02013299997', '30108299920', '02013299903', '30108299939', '17912099997', '57912075186'];

// Letters instead of a number: digits alone would have the text refused.
const lettered = (number) => [...String(number).padStart(4, '0')].map((digit) => SYLLABLES[Number(digit)]).join('');

// The i-th: a name, a national identity number or a mail address, no two the same.
export function rareString(i) {
    const name = `${FIRST[i % FIRST.length]}-${lettered(i)}-${LAST[(i * 7) % LAST.length]}`;
    if (i % 3 === 0) return name;
    if (i % 3 === 1) return i < VECTORS.length * 3 ? VECTORS[Math.floor(i / 3)] : `${VECTORS[i % 6].slice(0, 6)}${String(10000 + i)}`;
    return `${name.replaceAll('-', '.')}@eksempel.no`;
}

const WINDOW = 8;

// -> {in(bytes) -> Set of the texts found}: whole or from their eighth byte on cut off, as they are or percent-encoded.
export function searchForStrings(texts) {
    const starts = new Map(); // first four bytes -> [needle, text]
    for (const text of texts) {
        const plain = Buffer.from(text);
        for (const needle of [plain, Buffer.from(encoded(text)), Buffer.from(encodeURIComponent(text)), Buffer.from([...plain].reverse())]) {
            const start = needle.readUInt32LE(0);
            if (!starts.has(start)) starts.set(start, []);
            starts.get(start).push([needle, text]);
        }
    }
    const some = new Uint8Array(1 << 16); // by the first two bytes: most of what is searched is none of it
    for (const start of starts.keys()) some[start & 0xffff] = 1;
    // Names share their first eight bytes with other names: what is looked for is long enough to be of one.
    const lengthOf = (needle) => Math.min(needle.length, 2 * WINDOW);
    return {
        in(bytes) {
            const found = new Set();
            for (let at = 0; at + WINDOW <= bytes.length; at++) {
                if (some[bytes[at] | (bytes[at + 1] << 8)] === 0) continue;
                for (const [needle, text] of starts.get(bytes.readUInt32LE(at)) ?? []) {
                    const length = lengthOf(needle);
                    if (needle.compare(bytes, at, Math.min(at + length, bytes.length), 0, length) === 0) found.add(text);
                }
            }
            return found;
        },
    };
}
