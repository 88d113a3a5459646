// Requests that are malformed, or just not: refused and closed, or taken once; alone, in pieces, and behind proxies.
// CORPUS_LONG=1 cuts each at every offset and adds lenient proxies.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { HIDDEN, readCorpus } from './corpus_lines.mjs';
import { runCorpus } from './corpus_run.mjs';

const long = process.env.CORPUS_LONG === '1';

describe('the corpus of requests', () => {
    const entries = readCorpus();
    let result;

    before(async () => {
        result = await runCorpus({ long });
    });

    test('is one: at least 300, each once, most of them malformed', () => {
        assert.ok(entries.length >= 300, `${entries.length}`);
        assert.equal(new Set(entries.map(({ bytes }) => bytes)).size, entries.length);
        assert.ok(entries.filter(({ refused }) => refused > 0).length >= 200);
        assert.ok(entries.filter(({ bytes }) => bytes.includes(HIDDEN)).length >= 80, 'with a hidden request');
    });

    for (const way of ['direct', 'nginx', 'haproxy', ...(long ? ['nginx_lenient', 'haproxy_lenient'] : [])]) {
        test(`${way}: each is handled once or not at all, and stands in nobody's way`, () => {
            const { requests, handled, refused, lost, doubled, faults } = result.ways[way];
            assert.deepEqual(faults, []);
            assert.deepEqual([lost, doubled], [0, 0]);
            assert.ok(requests >= entries.length);
            assert.ok(handled >= 50 && refused >= 20, `${handled} handled, ${refused} refused: the collector has seen them`);
        });
    }

    // What the counts above must be able to see.
    for (const way of ['direct', 'careless']) {
        test(`a request handled that nobody expects is seen (${way})`, async () => {
            const bytes = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n${HIDDEN}`;
            const entry = { line: 0, bytes, statuses: [404], more: false, taken: 1, refused: 0, closes: way !== 'direct' };
            const { pass, doubled } = await runCorpus({ entries: [entry], ways: [way] });
            assert.equal(pass, false);
            assert.ok(doubled > 0);
        });
    }
});
