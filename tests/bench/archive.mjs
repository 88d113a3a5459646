// Questions to a large archive, whole answers, and closing beside those who ask (archive_bench, pages_bench).
//
//     node tests/bench/archive.mjs [BUILD_DIR] [--long]
//
// Long: two sites, 5 years and 2 years of 2 000 pages and 357 municipalities, 13.3 million leaves; short: a hundredth of it. An overview
// asks every table for its period and the one before, and the trend of both; the ranges end on different days, so that few are
// whole months. 'answer' is what a browser or a program gets, asked and written: each screen, downloads, the API; 'instructions' of
// it are those of 12 less those of 2, by ten (callgrind; where valgrind is there). Budgets are of processor time: what others do on
// the machine is not the program's. The size is that of the whole file for each site and year.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const words = process.argv.slice(2);
const long = words.includes('--long');
const programs = join(resolve(project, words.find((word) => !word.startsWith('--')) ?? 'build'), 'bin');
const folder = mkdtempSync(join(tmpdir(), 'sporlos-bench-'));
const file = join(folder, 'archive.db');
const gazetteer = join(folder, 'gazetteer.csv');
const DAYS = long ? 1830 : 100;
const SIZE = long ? ['--pages', '2000', '--municipalities', '357'] : ['--pages', '300', '--municipalities', '60'];

// Whose instructions are counted.
const ANSWERS = ['overview_28_days', 'content_28_days', 'page_28_days', 'places_28_days', 'feedback_28_days', 'overview_2_years', 'content_2_years', 'page_2_years', 'api_page_28_days'];

let failed = false;

function report(name, value, unit, holds = true) {
    failed ||= !holds;
    console.log(`bench archive_${name} ${value} ${unit}${holds ? '' : ' FAIL'}`);
}

// 'NAME VALUE UNIT' a line.
function figures(program, ...words) {
    const text = execFileSync(join(programs, program), words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    return text.trim().split('\n').map((line) => line.split(' '));
}

const run = (order, ...options) => figures('archive_bench', order, file, ...options);

// Names and points for the municipalities that archive_bench makes up, from Lindesnes to Nordkapp, so that the map is drawn.
function writeGazetteer() {
    const number = (i) => `${(1 + (i % 15)) * 100 + 1 + Math.floor(i / 15)}`.padStart(4, '0');
    const counties = Array.from({ length: 15 }, (_, i) => `fylke,${`${i + 1}`.padStart(2, '0')},Fylke ${i + 1}`);
    const towns = Array.from({ length: 357 }, (_, i) => `kommune,${number(i)},Kommune ${i},${(58 + ((i * 37) % 130) / 10).toFixed(2)},${(5 + ((i * 53) % 250) / 10).toFixed(2)},${1000 + i}`);
    writeFileSync(gazetteer, `${[...counties, ...towns].join('\n')}\n`);
}

// null: valgrind is not there.
function instructions(name, rounds) {
    const { status, stderr } = spawnSync('valgrind', ['--tool=callgrind', '--callgrind-out-file=/dev/null', join(programs, 'pages_bench'), 'repeat', file, gazetteer, '--only', name, '--rounds', `${rounds}`], { encoding: 'utf8' });
    const found = status === 0 ? stderr.match(/Collected : (\d+)/) : null;
    return found === null ? null : Number(found[1]);
}

const budget = (name) => (!name.endsWith('_cpu_p95') ? Infinity : name.includes('28_days') ? 5 : 50);

try {
    for (const [name, value, unit] of run('make', '--days', `${DAYS}`, ...SIZE)) report(name, value, unit);
    const siteYears = (DAYS + Math.floor((DAYS * 2) / 5)) / 365;
    report('size', (statSync(file).size / 1e6).toFixed(1), 'MB');
    report('size_of_a_site_year', (statSync(file).size / 1e6 / siteYears).toFixed(1), 'MB');
    for (const [name, value, unit] of run('ask', '--rounds', long ? '60' : '20')) report(name, value, unit, Number(value) <= budget(name));
    writeGazetteer();
    for (const [name, value, unit] of figures('pages_bench', 'time', file, gazetteer, '--rounds', long ? '60' : '20')) report(`answer_${name}`, value, unit, Number(value) <= budget(name));
    for (const name of long ? ANSWERS : ANSWERS.slice(0, 1)) {
        const [few, many] = [instructions(name, 2), instructions(name, 12)];
        if (few === null || many === null) console.log('skip archive: valgrind is not there, instructions are not counted');
        else report(`answer_${name}_instructions`, Math.round((many - few) / 10), 'instructions');
    }
    const closing = Object.fromEntries(run('close', '--periods', long ? '60' : '20', '--readers', '50', ...SIZE).map(([name, value, unit]) => [name, { value, unit }]));
    for (const [name, { value, unit }] of Object.entries(closing)) report(name, value, unit);
    const ratio = closing.close_beside_readers_cpu_p50.value / closing.close_alone_cpu_p50.value;
    // Nobody answered: then nothing was measured.
    report('close_beside_readers', ratio.toFixed(2), 'ratio of processor time', ratio <= 1.3 && Number(closing.readers_answered.value) > 0);
} finally {
    rmSync(folder, { recursive: true });
}
process.exitCode = failed ? 1 : 0;
