// What the collector says of User-Agents, against two collections of real ones: browsers (npm user-agents, weighted by how
// common they are, judged by ua-parser-js) and automata (npm crawler-user-agents). Development only: neither is in the
// repository, and the tests are skipped where npm has not brought them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { linesOf } from '../../deploy/data/crawlers.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, '..', 'node_modules');
const program = resolve(here, '..', '..', process.env.BUILD_DIR ?? 'build', 'bin', 'agents');
const packages = ['user-agents', 'ua-parser-js', 'crawler-user-agents'];
const missing = packages.filter((name) => !existsSync(join(modules, name)));
const skip = missing.length > 0 && `npm has not brought ${missing.join(', ')}`;
const require = createRequire(import.meta.url);
const SAMPLE = 10000;

/** ua-parser-js's names -> our keys, where they differ by more than case. */
const BROWSERS = {
    'mobile safari': 'safari', 'mobile firefox': 'firefox', 'firefox focus': 'firefox', 'opera touch': 'opera', 'opera mini': 'opera',
    'opera gx': 'opera', 'opera mobi': 'opera', gsa: 'google-app', 'samsung internet': 'samsung', 'chrome webview': 'webview',
    'android browser': 'android', 'huawei browser': 'huawei', 'miui browser': 'miui', ucbrowser: 'uc', iemobile: 'ie', chromium: 'chrome',
};
const SYSTEMS = { 'mac os': 'macos', 'chromium os': 'chromeos', ubuntu: 'linux', fedora: 'linux', debian: 'linux' };
/** Its devices have no desktop; what is neither that nor a telephone nor a tablet is unknown to us. */
const DEVICES = { desktop: 'desktop', mobile: 'mobile', tablet: 'tablet' };

const known = new Map();

function parsed(agent) {
    if (!known.has(agent)) known.set(agent, parse(agent));
    return known.get(agent);
}

function parse(agent) {
    const { browser, os, device } = require('ua-parser-js')(agent);
    const [name, system] = [browser.name, os.name].map((each) => (each ?? 'other').toLowerCase());
    return { device: DEVICES[device.type ?? 'desktop'] ?? 'unknown', browser: BROWSERS[name] ?? name, system: SYSTEMS[system] ?? system };
}

function classify(agents, names = []) {
    const out = execFileSync(program, names, { input: agents.map((agent) => `${agent}\n`).join(''), encoding: 'utf8', maxBuffer: 1 << 26 });
    const lines = out.trimEnd().split('\n').map((line) => line.split('\t'));
    assert.equal(lines.length, agents.length);
    return lines.map(([reason, device, browser, system]) => ({ reason, device, browser, system }));
}

/** By weight, the same ones in every run (mulberry32). */
function sampled(entries, count) {
    let seed = 20261122;
    const random = () => {
        seed = (seed + 0x6d2b79f5) | 0;
        let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
    const sums = [];
    entries.reduce((sum, { weight }, i) => (sums[i] = sum + weight), 0);
    return Array.from({ length: count }, () => {
        const at = random() * sums.at(-1);
        let [low, high] = [0, sums.length - 1]; // the first sum above
        while (low < high) {
            const middle = (low + high) >> 1;
            if (sums[middle] > at) high = middle;
            else low = middle + 1;
        }
        return entries[low].userAgent;
    });
}

describe('agents', { skip }, () => {
    let folder, names, browsers, distinct, crawlers, instances;

    before(() => {
        const entries = JSON.parse(readFileSync(join(modules, 'user-agents', 'dist', 'user-agents.json'), 'utf8'));
        browsers = sampled(entries, SAMPLE);
        distinct = [...new Set(entries.map(({ userAgent }) => userAgent))];
        crawlers = require('crawler-user-agents');
        instances = crawlers.flatMap(({ instances: list = [] }) => list);
        folder = mkdtempSync(join(tmpdir(), 'sporlos-agents-'));
        names = [join(folder, 'crawlers.txt')];
        execFileSync('node', [join(here, '..', '..', 'deploy', 'data', 'crawlers.mjs'), modules, names[0]]);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    for (const kind of ['device', 'browser', 'system']) {
        test(`${kind}: at least 99.5 % of ${SAMPLE} weighted browsers as ua-parser-js`, () => {
            const wrong = classify(browsers).flatMap((said, i) => {
                const expected = parsed(browsers[i])[kind];
                return said[kind] === expected ? [] : [`${said[kind]}, not ${expected}: ${browsers[i]}`];
            });
            console.log(`${kind}: ${SAMPLE - wrong.length} of ${SAMPLE}`);
            assert.ok(browsers.length === SAMPLE && new Set(browsers).size > 300, 'a collection');
            assert.ok(wrong.length <= SAMPLE * 0.005, [...new Set(wrong)].join('\n'));
        });
    }

    test('no browser is an automaton, with names and without', () => {
        assert.ok(distinct.length > 500);
        for (const file of [[], names]) {
            const flagged = classify(distinct, file).flatMap(({ reason }, i) => (reason === 'none' ? [] : [distinct[i]]));
            assert.deepEqual(flagged, []);
        }
    });

    for (const [share, what, file] of [[0.95, 'by rules alone', () => []], [0.999, 'by rules and names', () => names]]) {
        test(`automata: at least ${share * 100} % ${what}`, () => {
            const passed = classify(instances, file()).flatMap(({ reason }, i) => (reason === 'none' ? [instances[i]] : []));
            console.log(`automata ${what}: ${instances.length - passed.length} of ${instances.length}`);
            assert.ok(instances.length > 2000);
            assert.ok(passed.length <= instances.length * (1 - share), passed.join('\n'));
        });
    }

    test('AI crawlers have a reason of their own', () => {
        const ai = crawlers.filter(({ tags = [] }) => tags.includes('ai-crawler')).flatMap(({ instances: list = [] }) => list);
        const other = classify(ai, names).flatMap(({ reason }, i) => (reason === 'ai' ? [] : [`${reason}: ${ai[i]}`]));
        assert.ok(ai.length > 50);
        assert.deepEqual(other, []);
    });

    test('every pattern finds by its words whatever it finds itself', () => {
        const bad = crawlers.filter(({ pattern }) => linesOf(pattern) === undefined).map(({ pattern }) => pattern);
        assert.deepEqual(bad, []);
        for (const { pattern, instances: list = [] } of crawlers) {
            const lines = linesOf(pattern);
            for (const agent of list.filter((each) => new RegExp(pattern).test(each))) {
                const found = lines.some((line) => {
                    const word = line.replace(/^\^/, '').replace(/\$$/, '');
                    if (line.startsWith('^')) return agent.startsWith(word);
                    return line.endsWith('$') ? agent.endsWith(word) : agent.includes(word);
                });
                assert.ok(found, `${pattern} by ${lines} in ${agent}`);
            }
        }
    });
});

test('patterns are taken apart into words', () => {
    assert.deepEqual(linesOf('Googlebot\\/'), ['Googlebot/']);
    assert.deepEqual(linesOf('[wW]get'), ['wget', 'Wget']);
    assert.deepEqual(linesOf('(^| )sentry\\/'), ['^sentry/', ' sentry/']);
    assert.deepEqual(linesOf('AdsBot-Google([^-]|$)'), ['AdsBot-Google']);
    assert.deepEqual(linesOf('Spider[\\s\\S]*spider\\.com'), ['spider.com']);
    assert.deepEqual(linesOf('BlogTraffic\\/\\d\\.\\d+ Feed-Fetcher'), [' Feed-Fetcher']);
    assert.deepEqual(linesOf('SSL Labs$'), ['SSL Labs$']);
    assert.deepEqual(linesOf('colou?r(?:s|ed)'), ['colours', 'coloured', 'colors', 'colored']);
    for (const none of ['\\d+', 'a.b', '(?!x)abcdef', '(abcdef|x)', 'abc{3}', '(abcdef', 'abc\\1', '[a-z]{3}'])
        assert.equal(linesOf(none), undefined, none);
});
