#!/usr/bin/env node
// Attacks what Sporløs keeps and answers, and says what the attacker gained. What the rows mean: docs/privacy.md, 'Attacks'.
//
//   tests/privacy/scoreboard.mjs [--long] [--weakened | --numeric | --programs]
//
//   --numeric   the rows that are played many times against the code itself (build/bin/attack)
//   --programs  the rows against the real programs
//   --weakened  the same against code without noise, without witnesses and with noise that leaves share: it must lose
//   --long      many more runs
//
// All three without one of them. One line each:
//   attack N NAME measured X target Y pass|FAIL
// What docs/privacy.md says is lost today is listed below (OPEN) and ends with 'FAIL open'; once it is won, its line says
// that it has to be taken out of the list. BUILD_DIR: the build (default build). Fails when a line ends with FAIL.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BUILD } from '../e2e/support/process.mjs';
import { paddingAgainst, programRows } from './attacks/programs.mjs';

const asked = new Set(process.argv.slice(2));
const long = asked.delete('--long');
for (const option of asked) {
    if (!['--weakened', '--numeric', '--programs'].includes(option)) {
        process.stderr.write(`scoreboard: no option ${option}; see the head of this file\n`);
        process.exit(2);
    }
}
const wanted = (part) => asked.size === 0 || asked.has(part);

// What a promise that is not kept must cost: these rows of the weakened program have to say FAIL, each at least once.
const LOSSES = {
    noise: ['3 one_view_more', '4b differencing_0_or_1_municipality', '13 noise_variance'],
    witness: ['7 persistent_reader_shown'],
    independence: ['8 joined_above_chance_by_value_earned'],
};

// Lost, and said so in docs/privacy.md.
const OPEN = [];

let failed = false;

function say(said) {
    const open = OPEN.some((start) => said.startsWith(`attack ${start} `));
    const line = !open ? said : said.endsWith(' FAIL') ? `${said} open` : `${said.replace(/ pass$/, '')} is won: take it out of OPEN FAIL`;
    failed ||= line.endsWith(' FAIL');
    process.stdout.write(`${line}\n`);
}

function report({ row, name, measured, target, pass, why = [] }) {
    say(`attack ${row} ${name} measured ${measured} target ${target} ${pass ? 'pass' : 'FAIL'}`);
    if (!pass) process.stderr.write(`${name}: ${why.join('\n')}\n`);
}

// Run build/bin/PROGRAM ROW...; every line it writes to hear.
function attack(program, rows, hear) {
    return new Promise((resolve, reject) => {
        const child = spawn(join(BUILD, 'bin', program), [...rows, ...(long ? ['--long'] : [])], { stdio: ['ignore', 'pipe', 'pipe'] });
        const problems = [];
        createInterface({ input: child.stdout }).on('line', hear);
        createInterface({ input: child.stderr }).on('line', (line) => !/^ts=/.test(line) && problems.push(line));
        child.on('error', reject);
        child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ${rows.join(' ')}: ${code}\n${problems.join('\n')}`))));
    });
}

// A part that could not even be tried has failed.
async function part(name, work) {
    try {
        await work();
    } catch (error) {
        say(`attack - ${name} measured unknown target - FAIL`);
        process.stderr.write(`${error.stack}\n`);
    }
}

async function weakened(promise, rows) {
    const lost = [];
    await attack(`attack_without_${promise}`, rows, (line) => {
        if (line.endsWith(' FAIL')) lost.push(line);
        process.stderr.write(`without ${promise}: ${line}\n`);
    });
    for (const start of LOSSES[promise]) {
        const loses = lost.some((line) => line.startsWith(`attack ${start}`));
        say(`attack ${start}_without_${promise} measured ${loses ? 'lost' : 'held'} target lost ${loses ? 'pass' : 'FAIL'}`);
    }
}

const programs = (async () => {
    if (wanted('--programs')) await part('programs', () => programRows({ long, report }));
    if (wanted('--weakened')) {
        await part('without_witness', async () => {
            const { row, pass, measured } = await paddingAgainst(join(BUILD, 'weakened/witness'));
            say(`attack ${row} without_witness_loses measured ${measured} target >0 ${!pass && measured > 0 ? 'pass' : 'FAIL'}`);
        });
    }
})();
const numeric = (async () => {
    if (wanted('--numeric')) await part('numeric', () => attack('attack', [], say));
    if (wanted('--weakened')) {
        await part('without_noise', () => weakened('noise', ['3', '4', '13']));
        await part('without_witness', () => weakened('witness', ['7']));
        await part('without_independence', () => weakened('independence', ['8']));
    }
})();
await Promise.all([programs, numeric]);
process.exit(failed ? 1 : 0);
