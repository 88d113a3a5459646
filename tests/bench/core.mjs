// The collector's core without sockets (core_bench), and how long a flush keeps the loop (flush_bench).
//
//     node tests/bench/core.mjs [BUILD_DIR] [--long]
//
// Beacons a second are of processor time, the median of several rounds; allocations are counted in the same run and must be none.
// Instructions are callgrind's, of the measured rounds alone. Growth is a ratio of instructions: many sites, many leaves, against
// few. Beside each stands the ratio of processor times, of runs in turn: there memory shows, which has no budget, for visits that
// are spread evenly over 10 000 sites or 100 000 leaves are the worst case and no site's traffic.
import { execFileSync, spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const words = process.argv.slice(2);
const long = words.includes('--long');
const bin = join(resolve(project, words.find((word) => !word.startsWith('--')) ?? 'build'), 'bin');
const ROUNDS = long ? 5 : 3;

// An odd number of pages, so that every kind of request comes to each of them.
const FEW = ['--sites', '1', '--pages', '1', '--warm', '1000'];
const MANY_LEAVES = ['--pages', '49999', '--warm', '200000'];
const MANY_SITES = ['--sites', '10000', '--pages', '1', '--warm', '40000'];

let failed = false;

function report(name, value, unit, holds = true) {
    failed ||= !holds;
    console.log(`bench ${name} ${value} ${unit}${holds ? '' : ' FAIL'}`);
}

function figures(line) {
    const pairs = line.trim().split(' ');
    return Object.fromEntries(pairs.flatMap((word, i) => (i % 2 === 0 ? [[word, Number(pairs[i + 1])]] : [])));
}

// What a program that measures prints; its own complaint when it fails.
function run(program, options) {
    return figures(execFileSync(join(bin, program), options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
}

function instructions(options) {
    const beacons = 5000;
    const valgrind = ['--tool=callgrind', '--callgrind-out-file=/dev/null', '--instr-atstart=no', join(bin, 'core_bench')];
    const measure = ['--rounds', '1', '--beacons', `${beacons}`];
    const { stderr } = spawnSync('valgrind', [...valgrind, ...options, ...measure], { encoding: 'utf8' });
    const counted = /Collected : (\d+)/.exec(stderr);
    if (counted === null) throw new Error(`valgrind: ${stderr}`);
    return Number(counted[1]) / beacons;
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

// Beacons a second of one kind and of the other, in turn.
function inTurn(options, others) {
    const both = [[], []];
    for (let i = 0; i < ROUNDS; i++)
        [options, others].forEach((each, at) => both[at].push(run('core_bench', [...each, '--beacons', '50000']).beacons_per_second));
    return both.map(median);
}

const core = run('core_bench', ['--rounds', long ? '31' : '9']);
report('core_beacons_per_second', core.beacons_per_second, 'beacons/s', core.beacons_per_second >= 500000);
report('core_allocations', core.allocations, 'of ' + core.beacons, core.allocations === 0);

const few = instructions(FEW);
report('core_instructions', Math.round(instructions([])), 'instructions');
for (const [name, options] of [['leaves', MANY_LEAVES], ['sites', MANY_SITES]]) {
    const many = instructions(options);
    report(`core_growth_${name}_instructions`, (many / few).toFixed(3), `ratio ${Math.round(many)}/${Math.round(few)}`, many / few <= 1.1);
    const [fewSpeed, manySpeed] = inTurn(FEW, options);
    report(`core_growth_${name}_time`, (fewSpeed / manySpeed).toFixed(3), `ratio ${(1e9 / manySpeed).toFixed(0)}/${(1e9 / fewSpeed).toFixed(0)} ns`);
}

for (const sites of [1, 100]) {
    const flush = run('flush_bench', ['--leaves', '10000', '--sites', `${sites}`, '--rounds', long ? '31' : '5']);
    report(`flush_longest_turn_${sites}_sites`, flush.longest_turn_cpu_ms, 'ms', flush.longest_turn_cpu_ms < 5);
}
process.exitCode = failed ? 1 : 0;
