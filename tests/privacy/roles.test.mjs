// Who may do what in Redis: each program's own login, tried against the rooms of the other.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { run } from '../e2e/support/process.mjs';
import { startStack } from '../e2e/support/stack.mjs';
import { exchange, requestBytes } from '../e2e/support/raw.mjs';
import { flushed } from '../e2e/support/store.mjs';

const SITE = 'site.example';
let stack, leaf;
const logins = {};

before(async () => {
    stack = await startStack({ config: `sites:\n  ${SITE}:\n    mode: standard\n    pages: ["/"]\n` });
    const headers = [['Origin', `https://${SITE}`], ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0']];
    const answer = await exchange(stack.COLLECTOR_URL, requestBytes({ headers, body: `s=${SITE}&u=%2F&n=1` }));
    assert.equal(answer.status, 204);
    await flushed(stack);
    for (const name of ['collector', 'aggregator']) {
        const text = (await readFile(join(stack.directory, `redis-${name}`), 'utf8')).trim();
        logins[name] = ['--user', name, '--pass', text.slice(text.indexOf(':') + 1)];
    }
    leaf = (await run('redis-cli', ['-s', stack.REDIS_SOCKET, '--raw', 'KEYS', `sp1:{${SITE}}:leaf:page:*`])).split('\n')[0];
    assert.match(leaf, /^sp1:\{site\.example\}:leaf:page:/);
});

after(async () => {
    // The refusals were the test; the stack would report them.
    if (stack) await run('redis-cli', ['-s', stack.REDIS_SOCKET, 'ACL', 'LOG', 'RESET']);
    await stack?.stop();
});

// What Redis answers to that program's login.
const as = (name, ...words) =>
    run('redis-cli', ['-s', stack.REDIS_SOCKET, '--no-auth-warning', '--raw', ...logins[name], ...words]);

const REFUSED = /NOPERM|No permissions|can't (run|access)/i;
const flushKey = `sp1:{${SITE}}:flush`;
const declarationKey = `sp1:{${SITE}}:declaration`;
const script = (command) => ['EVAL', `return redis.call(${command})`, '0'];

// What neither may.
const operators = [
    ['KEYS', '*'],
    ['SCAN', '0'],
    ['MONITOR'],
    ['CONFIG', 'GET', '*'],
    ['FLUSHALL'],
    ['ACL', 'LIST'],
    ['SET', 'elsewhere', '1'],
];

const forbidden = {
    collector: () => [
        ['HGET', leaf, '/'],
        ['HGETALL', leaf],
        ['HKEYS', leaf],
        ['HSCAN', leaf, '0'],
        ['HINCRBY', leaf, '/', '0'],
        ['DUMP', leaf],
        ['COPY', leaf, `${flushKey}`],
        ['RENAME', leaf, flushKey],
        ['DEL', leaf],
        script(`'HGETALL', '${leaf}'`),
        script(`'HINCRBY', '${leaf}', '/', '0'`),
        script(`'DUMP', '${leaf}'`),
        ['SET', `sp1:{${SITE}}:closed:2026-01-01`, '1'],
        ['HGETALL', `sp1:{${SITE}}:leaf:search:2026-01-01:00000000000000000000000000000000`],
        ['DEL', `sp1:{${SITE}}:names`],
        // What is in force: whoever writes it decides what is counted.
        ['HSET', declarationKey, 'mode', 'standard'],
        ['HDEL', declarationKey, 'mode'],
        ['SET', declarationKey, 'x'],
        ['DEL', declarationKey],
        ['EXPIRE', declarationKey, '1'],
        script(`'HSET', '${declarationKey}', 'mode', 'standard'`),
        script(`'EXPIRE', '${declarationKey}', '1'`),
        ['SMEMBERS', `sp1:{${SITE}}:witness:page:2026-01-01`],
        ...operators,
    ],
    aggregator: () => [
        ['HSET', leaf, '/', '1000'],
        ['HINCRBY', leaf, '/', '1'],
        ['HDEL', leaf, '/'],
        ['RENAME', leaf, flushKey],
        ['RESTORE', leaf, '0', 'x'],
        script(`'HSET', '${leaf}', '/', '1000'`),
        script(`'HINCRBY', '${leaf}', '/', '1'`),
        ['SADD', `sp1:{${SITE}}:witness:page:2026-01-01`, '/'],
        ['SET', 'sp1:audit:00000000000000000000000000000000', '7'],
        ['HGETALL', `sp1:{${SITE}}:names`],
        ['HSET', `sp1:{${SITE}}:names`, 'p/x', '1'],
        ...operators,
    ],
};

describe('in Redis', () => {
    test('an operator on the socket reads the leaf, so that a refusal below is one', async () => {
        assert.match(await run('redis-cli', ['-s', stack.REDIS_SOCKET, '--raw', 'HGETALL', leaf]), /\//);
    });
    for (const [name, commands] of Object.entries(forbidden)) {
        test(`the ${name} is refused what is the other's`, async () => {
            for (const words of commands()) {
                assert.match(await as(name, ...words).catch((error) => error.message), REFUSED, `${name}: ${words.join(' ')}`);
            }
        });
    }
    test('the collector may write a leaf, and the aggregator read and delete it', async () => {
        assert.match(await as('collector', 'HSET', `${leaf}0`, '/', '1'), /^1$/m);
        assert.match(await as('aggregator', 'HGETALL', `${leaf}0`), /^\/$/m);
        assert.match(await as('aggregator', 'DEL', `${leaf}0`), /^1$/m);
    });
    test('the collector may read what is in force, and the aggregator write it', async () => {
        assert.match(await as('collector', 'HGETALL', declarationKey), /^version$/m);
        assert.match(await as('aggregator', 'HSET', declarationKey, 'of-a-test', '1'), /^1$/m);
        assert.match(await as('aggregator', 'HDEL', declarationKey, 'of-a-test'), /^1$/m);
    });
    test('nobody without a login of the programs may do anything as they', async () => {
        for (const name of ['collector', 'aggregator']) {
            const answer = await run('redis-cli', ['-s', stack.REDIS_SOCKET, '--raw', 'AUTH', name, 'guess']).catch((error) => error.message);
            assert.match(answer, /WRONGPASS|AUTH failed/);
        }
    });
});
