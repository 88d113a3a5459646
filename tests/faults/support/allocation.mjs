// Programs whose n-th allocation fails (fail_allocation.c), and what comes of it.
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { startBehind } from './host.mjs';

const SOURCE = new URL('fail_allocation.c', import.meta.url).pathname;

// The file that program and test share.
export class Control {
    constructor(path) {
        this.path = path;
        this.file = openSync(path, 'w+');
        ftruncateSync(this.file, 32);
    }
    write(...numbers) {
        const bytes = Buffer.alloc(8 * numbers.length);
        numbers.forEach((number, i) => bytes.writeBigUInt64LE(BigInt(number), 8 * i));
        writeSync(this.file, bytes, 0, bytes.length, 0);
    }
    arm(n, count = 1) {
        this.write(1, 0, n, count);
    }
    // Calls that were counted since.
    disarm() {
        const bytes = Buffer.alloc(16);
        readSync(this.file, bytes, 0, 16, 0);
        this.write(0, 0, 0, 0);
        return Number(bytes.readBigUInt64LE(8));
    }
    end() {
        closeSync(this.file);
    }
}

// From a trace: 'ours', or the library that died and in which function; libc and the hook itself are not asked.
function culprit(text) {
    const frames = text.split('\n').filter((line) => /^\S+\(.*\) ?\[0x/.test(line) || /^\S+\[0x/.test(line));
    const frame = frames.find((line) => !/libc\.so|fail_allocation\.so|linux-vdso|ld-linux/.test(line)) ?? '';
    const [, object, symbol] = /^(?:.*\/)?([^/(]+)(?:\(([^)]*)\))?/.exec(frame) ?? [];
    return { object: object ?? 'unknown', symbol: symbol ?? '', ours: !object || object.startsWith('sporlos-'), trace: frames.slice(0, 8).join('\n') };
}

export class Findings {
    constructor() {
        this.tried = {};
        this.ours = 0;
        this.mute = 0;
        this.stuck = 0;
        this.wrong = 0;
        this.theirs = new Map();
    }
    stayedStuck(scene, n, text) {
        this.stuck++;
        process.stderr.write(`allocation ${n} of ${scene}: does not work as before\n${text.slice(-2500)}\n`);
    }
    died(scene, n, text) {
        const who = culprit(text);
        if (who.ours) {
            this.ours++;
            process.stderr.write(`allocation ${n} of ${scene}: died\n${text.slice(-2500)}\n`);
        } else {
            const name = `${who.object}(${who.symbol})`;
            if (!this.theirs.has(name)) process.stderr.write(`allocation ${n} of ${scene}: ${name} died by itself\n${who.trace}\n`);
            this.theirs.set(name, (this.theirs.get(name) ?? 0) + 1);
        }
    }
}

// Which n are tried of so many.
export const sample = (all, most) => {
    const step = Math.max(1, Math.ceil(all / most));
    return Array.from({ length: Math.floor(all / step) }, (_, i) => 1 + i * step + (step > 1 ? (i * 7) % step : 0));
};

// The library that lets them fail, in that folder; nothing without a compiler.
export function compileFailing(folder) {
    const preload = join(folder, 'fail_allocation.so');
    const built = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', preload, SOURCE], { encoding: 'utf8' });
    if (built.error) return undefined;
    if (built.status !== 0) throw new Error(built.stderr);
    return preload;
}

// From its next start on a program of a stack can be driven with what this returns.
export async function startFailing(stack, name, folder, preload) {
    const control = new Control(join(folder, `running-${name}`));
    await startBehind(stack, name, `FAIL_ALLOCATION=${control.path} exec`);
    const script = join(stack.directory, `start-${name}`);
    writeFileSync(script, readFileSync(script, 'utf8').replace('LD_PRELOAD=', `LD_PRELOAD=${preload}:`));
    return control;
}

export function alive(pid) {
    try {
        return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1][0] !== 'Z';
    } catch {
        return false;
    }
}
