// The memory of a process that runs, as root can read it: everything that a core would hold, and what it would leave out.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const PAGE = 4096;
const CHUNK = 256 * PAGE;
const ZEROS = Buffer.alloc(PAGE);

// [{start, end, flags, name}] of what can be read.
export function mappingsOf(pid) {
    const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').trim().split('\n');
    return lines.map((line) => {
        const [, start, end, flags, name] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)$/.exec(line);
        return { start: parseInt(start, 16), end: parseInt(end, 16), flags, name: name || 'anonymous' };
    });
}

function* runsOf(bytes) {
    let begun = -1;
    for (let at = 0; at < bytes.length; at += PAGE) {
        const zero = bytes.compare(ZEROS, 0, PAGE, at, at + PAGE) === 0;
        if (!zero && begun < 0) begun = at;
        if (zero && begun >= 0) {
            yield bytes.subarray(begun, at);
            begun = -1;
        }
    }
    if (begun >= 0) yield bytes.subarray(begun);
}

// Runs of pages that are not all zero, with a page of overlap between chunks: {bytes, start, name}. What is not there any
// more when it is its turn is passed over; [vvar] and the like cannot be read.
export function* memoryOf(pid, { written = false } = {}) {
    const memory = openSync(`/proc/${pid}/mem`, 'r');
    const chunk = Buffer.alloc(CHUNK);
    try {
        for (const { start, end, flags, name } of mappingsOf(pid)) {
            if (flags[0] !== 'r' || name.startsWith('[v') || (written && flags[1] !== 'w')) continue;
            for (let at = start; at < end; at += CHUNK - PAGE) {
                let got = 0;
                try {
                    got = readSync(memory, chunk, 0, Math.min(CHUNK, end - at), at);
                } catch (error) {
                    if (error.code !== 'EIO' && error.code !== 'EFAULT') throw error;
                }
                for (const bytes of runsOf(chunk.subarray(0, got))) yield { bytes, start: at + bytes.byteOffset - chunk.byteOffset, name };
                if (at + CHUNK >= end) break;
            }
        }
    } finally {
        closeSync(memory);
    }
}

// Look through the memory of a process: {hits, bytes}. written: only where it may write.
export function searchMemory(search, pid, place, options) {
    const found = new Map();
    let total = 0;
    for (const { bytes, start, name } of memoryOf(pid, options)) {
        total += bytes.length;
        for (const hit of search.in(bytes, `${place}, ${name}`)) {
            const around = bytes.subarray(Math.max(0, hit.at - 24), hit.at + 40).toString('latin1').replace(/[^ -~]/g, '.');
            if (!found.has(hit.name)) found.set(hit.name, { ...hit, at: start + hit.at, around });
        }
    }
    return { hits: [...found.values()], bytes: total };
}

// Wait until every thread of the process sleeps: what a request leaves behind is what is there then.
export async function quiet(pid) {
    for (let calm = 0; calm < 3; ) {
        const [, state] = /^\d+ \(.*\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
        calm = state === 'S' ? calm + 1 : 0;
        await sleep(1);
    }
}
