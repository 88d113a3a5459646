// The number of visitors is an estimate, and what is said of how good it is comes from our own simulation.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { BUILD, ROOT } from '../e2e/support/process.mjs';

let simulated;

before(() => {
    const { status, stdout } = spawnSync(join(BUILD, 'bin/visitors_bias'), { encoding: 'utf8' });
    assert.equal(status, 0);
    process.stdout.write(stdout);
    simulated = [...stdout.matchAll(/^visitors readers (\d+) counted (\d+) bias ([+-]\d+) %$/gm)].map(([, ...row]) => row.map(Number));
});

describe('how far visitors are from readers', () => {
    test('it was simulated from a few readers to very many', () => {
        assert.equal(simulated.length, 8);
        for (const [readers, counted, bias] of simulated)
            assert.ok(Math.abs((100 * (counted - readers)) / readers - bias) < 1.7, `${readers}: ${counted} is not ${bias} %`);
    });
    test('docs/privacy.md has the same table', () => {
        const text = readFileSync(join(ROOT, 'docs/privacy.md'), 'utf8');
        const rows = [...text.matchAll(/^\| (\d+) \| (\d+) \| ([+-]\d+) % \|$/gm)].map(([, ...row]) => row.map(Number));
        assert.deepEqual(rows, simulated);
    });
    test('API and dashboard have the same figures', () => {
        const text = readFileSync(join(ROOT, 'aggregator/visitor_bias.h'), 'utf8');
        const rows = [...text.matchAll(/X\((\d+), ([+-]\d+)\)/g)].map(([, readers, bias]) => [Number(readers), Number(bias)]);
        assert.deepEqual(rows, simulated.map(([readers, , bias]) => [readers, bias]));
    });
});
