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
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MINUTES = { short: 10, long: 90 }; // for one fault

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

function checkAll() {
    const faults = readdirSync(here)
        .filter((file) => file.endsWith('.mjs') && file !== 'check.mjs')
        .map((file) => file.slice(0, -4));
    const unknown = names.find((name) => !faults.includes(name));
    if (unknown) {
        process.stderr.write(`check: no fault ${unknown}; there are: ${faults.join(', ')}\n`);
        process.exit(2);
    }
    checkBuild();
    let failed = false;
    for (const name of names.length ? names : faults) {
        const { stdout } = spawnSync(process.execPath, [self, '--one', name, ...(long ? ['--long'] : [])], {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'inherit'],
            timeout: MINUTES[long ? 'long' : 'short'] * 60_000,
        });
        const line = /^fault .* (pass|FAIL)$|^fault \S+ skipped: .*$/m.exec(stdout)?.[0] ?? `fault ${name} lost unknown doubled unknown FAIL`;
        failed ||= line.endsWith('FAIL');
        process.stdout.write(`${line}\n`);
    }
    process.exit(failed ? 1 : 0);
}

if (one) process.stdout.write(`${await inject(names[0])}\n`);
else checkAll();
