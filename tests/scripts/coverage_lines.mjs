// Sums what gcov says of a build: coverage_lines.mjs PROJECT BUILD [--lines], for tests/scripts/coverage.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { relative, resolve } from 'node:path';

const LEAST = 95; // per cent of a group
const GROUPS = {
    parser: ['lib/http_parse.c', 'lib/http_scan.h', 'lib/proxy_header.c'],
    beacon: ['collector/beacon.c', 'collector/dialects/', 'lib/text.c', 'collector/url.c', 'collector/policy.c', 'lib/client_address.c'],
    referrer: ['collector/referrer.c', 'collector/suffixes.c'],
    log: ['tools/replay/access_line.c', 'tools/replay/log_source.c'],
};

const [project, build, ...options] = process.argv.slice(2);

// file -> line -> how often it ran, in whichever program.
function lineCounts() {
    const files = new Map();
    const notes = readdirSync(build, { recursive: true }).filter((name) => name.endsWith('.gcda')).map((name) => resolve(build, name));
    if (notes.length === 0) throw new Error('nothing ran: there is no .gcda file');
    const text = execFileSync('gcov', ['--json-format', '--stdout', ...notes], { cwd: build, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
    for (const report of text.split('\n').filter(Boolean).map((line) => JSON.parse(line))) {
        for (const { file, lines } of report.files) {
            const name = relative(project, resolve(report.current_working_directory, file));
            const counts = files.get(name) ?? new Map();
            for (const { line_number: line, count } of lines) counts.set(line, (counts.get(line) ?? 0) + count);
            files.set(name, counts);
        }
    }
    return files;
}

const percent = (run, all) => (all === 0 ? 0 : (100 * run) / all).toFixed(1);

let failed = false;
const files = lineCounts();
for (const [group, members] of Object.entries(GROUPS)) {
    let [run, all] = [0, 0];
    for (const member of members) {
        const names = [...files.keys()].filter((name) => (member.endsWith('/') ? name.startsWith(member) && name.endsWith('.c') : name === member)).sort();
        if (names.length === 0) throw new Error(`${member} was not run at all`);
        for (const name of names) {
            const missed = [...files.get(name)].filter(([, count]) => count === 0).map(([line]) => line).sort((a, b) => a - b);
            const size = files.get(name).size;
            run += size - missed.length;
            all += size;
            console.log(`coverage ${name} ${size - missed.length} of ${size} lines ${percent(size - missed.length, size)} %`);
            if (options.includes('--lines') && missed.length > 0) console.log(`  not run: ${missed.join(' ')}`);
        }
    }
    const passes = run * 100 >= all * LEAST;
    failed ||= !passes;
    console.log(`coverage group ${group} ${run} of ${all} lines ${percent(run, all)} % ${passes ? 'pass' : 'FAIL'}`);
}
process.exitCode = failed ? 1 : 0;
