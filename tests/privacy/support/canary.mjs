// Addresses that must be found nowhere, every form in which they could be written, and the search for them.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

// The bytes of an address as it travels: 4 or 16.
export function addressBytes(address) {
    if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
    const [front, back] = address.split('::').map((part) => (part ? part.split(':') : []));
    const groups = back ? [...front, ...Array(8 - front.length - back.length).fill('0'), ...back] : front;
    const bytes = Buffer.alloc(16);
    groups.forEach((group, i) => bytes.writeUInt16BE(parseInt(group, 16), 2 * i));
    return bytes;
}

// Percent-encode every byte.
export const encoded = (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

// Texts are looked for in any case, bytes as they are.
export function formsOf(address) {
    const bytes = addressBytes(address);
    const six = bytes.length === 16;
    const prefix = bytes.subarray(0, six ? 6 : 3);
    const groups = six ? bytes.toString('hex').match(/.{4}/g) : [];
    const short = groups.map((group) => group.replace(/^0{1,3}/, ''));
    const texts = {
        text: address,
        'percent-encoded': encoded(address),
        'percent-encoded colons': address.replaceAll(':', '%3A'),
        'prefix in text': six ? short.slice(0, 3).join(':') : `${[...prefix].join('.')}.`,
        'in full': six ? groups.join(':') : address,
        'in short': six ? short.join(':') : address,
        reversed: six ? address : [...bytes].reverse().join('.'),
        hexadecimal: bytes.toString('hex'),
        ...(six ? {} : { 'as a number': String(bytes.readUInt32BE()) }),
    };
    const kept = Buffer.alloc(8); // as the collector holds a truncated address: a number in the machine's order
    kept.writeBigUInt64LE(BigInt(`0x${prefix.toString('hex')}`));
    const binaries = {
        'network order': bytes,
        'machine order': Buffer.from(bytes).reverse(),
        'truncated, as a number': kept,
        ...(six ? { 'prefix in network order': prefix } : {}),
    };
    return [
        ...Object.entries(texts).map(([form, text]) => ({ form, needle: Buffer.from(text.toLowerCase()), folded: true })),
        ...Object.entries(binaries).map(([form, needle]) => ({ form, needle, folded: false })),
    ];
}

// {place -> Buffer} -> ['ADDRESS (FORM) in PLACE', ...]
export function findAddresses(addresses, places) {
    const found = [];
    for (const [place, bytes] of Object.entries(places)) {
        const folded = Buffer.from(bytes.toString('latin1').replace(/[A-Z]+/g, (text) => text.toLowerCase()), 'latin1');
        for (const address of addresses) {
            for (const { form, needle, folded: anyCase } of formsOf(address)) {
                if ((anyCase ? folded : bytes).includes(needle)) found.push(`${address} (${form}) in ${place}`);
            }
        }
    }
    return found;
}

// Every file below a folder: {path -> Buffer}. What a program is just removing is not there.
export async function filesBelow(folder, base = folder) {
    const files = {};
    for (const entry of await readdir(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) Object.assign(files, await filesBelow(path, base));
        else if (entry.isFile()) {
            const bytes = await readFile(path).catch((error) => (error.code === 'ENOENT' ? null : Promise.reject(error)));
            if (bytes) files[relative(base, path)] = bytes;
        }
    }
    return files;
}
