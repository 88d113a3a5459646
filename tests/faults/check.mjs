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
// A fault is a module with run({long}), which answers {lost, doubled, pass, ...figures} or {skipped: why}.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const faults = readdirSync(here)
    .filter((file) => file.endsWith('.mjs') && file !== 'check.mjs')
    .map((file) => file.slice(0, -4));
const names = process.argv.slice(2).filter((argument) => argument !== '--long');
const long = process.argv.includes('--long');
for (const name of names) {
    if (!faults.includes(name)) {
        process.stderr.write(`check: no fault ${name}; there are: ${faults.join(', ')}\n`);
        process.exit(2);
    }
}

process.env.BUILD_DIR ||= 'build-exact';
const program = join(here, '../..', process.env.BUILD_DIR, 'bin/sporlos-collector');
const version = spawnSync(program, ['--version'], { encoding: 'utf8' });
if (!/without-noise/.test(version.stdout ?? '')) {
    process.stderr.write(`check: ${program} is not there or counts with noise; build with -DSPORLOS_WEAKENED=noise\n`);
    process.exit(2);
}

// A figure as the line shows it: whole, or with one decimal.
const figure = (value) => (typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(1) : String(value));

let failed = false;
for (const name of names.length ? names : faults) {
    let line;
    const began = Date.now();
    try {
        const { lost, doubled, pass, skipped, ...figures } = await (await import(join(here, `${name}.mjs`))).run({ long });
        if (skipped) line = `skipped: ${skipped}`;
        else {
            const good = pass === true && lost === 0 && doubled === 0;
            const all = { lost, doubled, ...figures, seconds: Math.round((Date.now() - began) / 1000) };
            line = `${Object.entries(all).map(([key, value]) => `${key} ${figure(value)}`).join(' ')} ${good ? 'pass' : 'FAIL'}`;
            failed ||= !good;
        }
    } catch (error) {
        process.stderr.write(`${name}: ${error.stack}\n`);
        line = `lost unknown doubled unknown FAIL`;
        failed = true;
    }
    process.stdout.write(`fault ${name} ${line}\n`);
}
process.exit(failed ? 1 : 0);
