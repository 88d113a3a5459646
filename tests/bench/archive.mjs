// Questions to a large archive, and closing beside those who ask (archive_bench).
//
//     node tests/bench/archive.mjs [BUILD_DIR] [--long]
//
// Long: two sites, 5 years and 2 years of 2 000 pages and 357 municipalities, 6.2 million leaves; short: a hundredth of it. An overview
// asks every table for its period and the one before, and the trend of both; the ranges end on different days, so that few are
// whole months. Budgets are of processor time: what others do on the machine is not the program's. The size is that of the whole
// file for each site and year.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const words = process.argv.slice(2);
const long = words.includes('--long');
const bench = join(resolve(project, words.find((word) => !word.startsWith('--')) ?? 'build'), 'bin', 'archive_bench');
const folder = mkdtempSync(join(tmpdir(), 'sporlos-bench-'));
const file = join(folder, 'archive.db');
const DAYS = long ? 1830 : 100;
const SIZE = long ? ['--pages', '2000', '--municipalities', '357'] : ['--pages', '300', '--municipalities', '60'];

let failed = false;

function report(name, value, unit, holds = true) {
    failed ||= !holds;
    console.log(`bench archive_${name} ${value} ${unit}${holds ? '' : ' FAIL'}`);
}

// 'NAME VALUE UNIT' a line.
function run(order, ...options) {
    const text = execFileSync(bench, [order, file, ...options], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    return text.trim().split('\n').map((line) => line.split(' '));
}

const BUDGETS = { overview_28_days_cpu_p95: 5, api_page_28_days_cpu_p95: 5, overview_2_years_cpu_p95: 50, api_page_2_years_cpu_p95: 50 };

try {
    for (const [name, value, unit] of run('make', '--days', `${DAYS}`, ...SIZE)) report(name, value, unit);
    const siteYears = (DAYS + Math.floor((DAYS * 2) / 5)) / 365;
    report('size', (statSync(file).size / 1e6).toFixed(1), 'MB');
    report('size_of_a_site_year', (statSync(file).size / 1e6 / siteYears).toFixed(1), 'MB');
    for (const [name, value, unit] of run('ask', '--rounds', long ? '60' : '20')) report(name, value, unit, !(name in BUDGETS) || Number(value) <= BUDGETS[name]);
    const closing = Object.fromEntries(run('close', '--periods', long ? '60' : '20', '--readers', '50', ...SIZE).map(([name, value, unit]) => [name, { value, unit }]));
    for (const [name, { value, unit }] of Object.entries(closing)) report(name, value, unit);
    report('close_beside_readers', (closing.close_beside_readers_cpu_p50.value / closing.close_alone_cpu_p50.value).toFixed(2), 'ratio of processor time');
} finally {
    rmSync(folder, { recursive: true });
}
process.exitCode = failed ? 1 : 0;
