// What it costs to judge a User-Agent (collector/bots.h) and to read its families (collector/agent_family.h).
//
//     node tests/bench/agents.mjs [BUILD_DIR] [--long]
//
// Of real browsers (npm user-agents), automata (npm crawler-user-agents), and strings made to be slow: beginnings of names
// without their last letters, one after another, as long as anything is looked at and far longer; and pieces of names at
// random, so that no step can be foretold. Nanoseconds are of processor time, the least of several rounds; 'in turn' goes
// through all strings, so that none finds the caches as it left them. The budget of 1 us holds for every one.
// Instructions are callgrind's, a call over the browsers.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = join(project, 'tests', 'node_modules');
const words = process.argv.slice(2);
const program = join(resolve(project, words.find((word) => !word.startsWith('--')) ?? 'build'), 'bin', 'agents');
const [BOTS_NS, FAMILIES_NS] = [1000, 500];
const LOOKED_AT = 256;
const MIXED = 400;
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'; // of tests/bench/beacon_instructions.mjs

let failed = false;
function report(name, value, unit, holds = true) {
    failed ||= !holds;
    console.log(`bench ${name} ${value} ${unit}${holds ? '' : ' FAIL'}`);
}

function run(options, agents) {
    const out = execFileSync(program, options, { input: `${agents.join('\n')}\n`, encoding: 'utf8' });
    return out.trimEnd().split('\n').map((line) => line.split('\t').map(Number));
}

function namesOf(file) {
    const lines = readFileSync(file, 'utf8').split('\n').filter((line) => /^(bot|ai)\t/.test(line));
    return lines.map((line) => line.split('\t')[1].replace(/^\^|\$/g, ''));
}

/** Beginnings of names: most of the automaton's states are visited, and nothing is found. */
function slowStrings(names) {
    const all = names.map((name) => name.slice(0, -1)).join('');
    const pieces = Array.from({ length: Math.floor(all.length / LOOKED_AT) }, (_, i) => all.slice(i * LOOKED_AT, (i + 1) * LOOKED_AT));
    return [...pieces, all.slice(0, 8000), 'b'.repeat(8000), 'bo'.repeat(4000), 'cubo'.repeat(2000), 'Mozilla/5.0 '.repeat(600)];
}

/** Pieces of two to four letters from the beginnings of names, the same ones in every run. */
function mixedStrings(names) {
    let seed = 20261122;
    const below = (n) => {
        seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
        return (seed >> 8) % n;
    };
    return Array.from({ length: MIXED }, () => {
        let text = '';
        while (text.length < LOOKED_AT) text += names[below(names.length)].slice(0, 2 + below(3));
        return text.slice(0, LOOKED_AT);
    });
}

function instructions(what, names, agents) {
    const valgrind = ['--tool=callgrind', '--callgrind-out-file=/dev/null', `--toggle-collect=call_${what}`, program, '--turn', names];
    const { stderr } = spawnSync('valgrind', valgrind, { input: `${agents.join('\n')}\n`, encoding: 'utf8' });
    const counted = /Collected : (\d+)/.exec(stderr);
    if (counted === null) throw new Error(`valgrind: ${stderr}`);
    return Math.round(Number(counted[1]) / agents.length / 20); // TURNS
}

function measure(folder) {
    const names = join(folder, 'crawlers.txt');
    execFileSync('node', [join(project, 'deploy', 'data', 'crawlers.mjs'), modules, names]);
    const read = (...path) => JSON.parse(readFileSync(join(modules, ...path), 'utf8'));
    const browsers = [...new Set(read('user-agents', 'dist', 'user-agents.json').map(({ userAgent }) => userAgent))];
    const automata = read('crawler-user-agents', 'crawler-user-agents.json').flatMap(({ instances = [] }) => instances);
    const [slow, mixed] = [slowStrings(namesOf(names)), mixedStrings(namesOf(names))];
    for (const [kind, agents] of [['browsers', browsers], ['automata', automata], ['slow', slow], ['mixed', mixed]]) {
        const [[bots, families]] = run(['--turn', names], agents);
        report(`agent_bots_${kind}`, bots, 'ns in turn', bots <= BOTS_NS);
        report(`agent_families_${kind}`, families, 'ns in turn', families <= FAMILIES_NS);
    }
    const slowest = run(['--time', names], slow).reduce(([a, b], [c, d]) => [Math.max(a, c), Math.max(b, d)]);
    report('agent_bots_slowest', slowest[0], 'ns', slowest[0] <= BOTS_NS);
    report('agent_families_slowest', slowest[1], 'ns', slowest[1] <= FAMILIES_NS);
    report('agent_bots_instructions', instructions('bots', names, browsers), 'instructions');
    report('agent_bots_firefox_instructions', instructions('bots', names, [FIREFOX]), 'instructions');
    report('agent_families_instructions', instructions('families', names, browsers), 'instructions');
}

const missing = ['user-agents', 'crawler-user-agents'].filter((name) => !existsSync(join(modules, name)));
if (missing.length > 0) {
    console.log(`skip npm has not brought ${missing.join(', ')} (npm ci in tests/)`);
} else {
    const folder = mkdtempSync(join(tmpdir(), 'sporlos-agents-'));
    try {
        measure(folder);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
process.exitCode = failed ? 1 : 0;
