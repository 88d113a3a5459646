#!/usr/bin/env node
// Injects each fault into the real programs, and says what was lost and what was counted twice.
//
//   tests/faults/check.mjs [--long] [NAME...]
//
// NAME is a file of this folder without .mjs. One line each, in this order of words:
//   fault NAME lost N doubled N [FIGURE N]... pass|FAIL        or        fault NAME skipped: why
// Without --long each takes some seconds; with it the numbers of docs/reliability.md. BUILD_DIR: a build without noise
// (cmake -DSPORLOS_WEAKENED=noise), default build-exact.
//
// A fault is a module with run({long}), which answers {lost, doubled, pass, ...figures} or {skipped: why}. Each runs in a
// process of its own, so that one that breaks takes no other with it.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MINUTES = { short: 10, long: 40 }; // for one fault

const self = fileURLToPath(import.meta.url);
const here = dirname(self);
const words = process.argv.slice(2);
const long = words.includes('--long');
const one = words.includes('--one');
const names = words.filter((word) => !word.startsWith('--'));

// A figure as the line shows it: whole, or with one decimal.
const figure = (value) => (typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(1) : String(value));

// The line of one fault, here.
async function inject(name) {
    const began = Date.now();
    const { lost, doubled, pass, skipped, ...figures } = await (await import(join(here, `${name}.mjs`))).run({ long });
    if (skipped) return `fault ${name} skipped: ${skipped}`;
    const all = { lost, doubled, ...figures, seconds: Math.round((Date.now() - began) / 1000) };
    const good = pass === true && lost === 0 && doubled === 0;
    return `fault ${name} ${Object.entries(all).map(([key, value]) => `${key} ${figure(value)}`).join(' ')} ${good ? 'pass' : 'FAIL'}`;
}

function checkBuild() {
    process.env.BUILD_DIR ||= 'build-exact';
    const program = join(here, '../..', process.env.BUILD_DIR, 'bin/sporlos-collector');
    const version = spawnSync(program, ['--version'], { encoding: 'utf8' });
    if (/without-noise/.test(version.stdout ?? '')) return;
    process.stderr.write(`check: ${program} is not there or counts with noise; build with -DSPORLOS_WEAKENED=noise\n`);
    process.exit(2);
}

// The same in a process of its own.
function injectApart(name) {
    const child = spawn(process.execPath, [self, '--one', name, ...(long ? ['--long'] : [])], {
        stdio: ['ignore', 'pipe', 'inherit'],
        timeout: MINUTES[long ? 'long' : 'short'] * 60_000,
    });
    let said = '';
    child.stdout.on('data', (text) => (said += text));
    return new Promise((done) => {
        child.on('close', () => done(/^fault .* (pass|FAIL)$|^fault \S+ skipped: .*$/m.exec(said)?.[0] ?? `fault ${name} lost unknown doubled unknown FAIL`));
    });
}

async function checkAll() {
    const faults = readdirSync(here)
        .filter((file) => file.endsWith('.mjs') && file !== 'check.mjs')
        .map((file) => file.slice(0, -4));
    const unknown = names.find((name) => !faults.includes(name));
    if (unknown) {
        process.stderr.write(`check: no fault ${unknown}; there are: ${faults.join(', ')}\n`);
        process.exit(2);
    }
    checkBuild();
    const left = names.length ? [...names] : faults;
    // They wait for clocks and timeouts most of the time; the long form measures, each by itself.
    const workers = Array.from({ length: long ? 1 : 2 }, async () => {
        let failed = false;
        for (let name = left.shift(); name; name = left.shift()) {
            const line = await injectApart(name);
            failed ||= line.endsWith('FAIL');
            process.stdout.write(`${line}\n`);
        }
        return failed;
    });
    process.exit((await Promise.all(workers)).some(Boolean) ? 1 : 0);
}

if (one) process.stdout.write(`${await inject(names[0])}\n`);
else await checkAll();
