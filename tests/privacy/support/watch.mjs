// Everything that a stack's programs hand to the kernel, and all that Redis is told, while it is watched.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, until } from '../../e2e/support/process.mjs';
import { filesBelow } from './canary.mjs';
import { searchMemory } from './memory.mjs';
import { redisStore } from '../../e2e/support/store.mjs';

export const PROGRAMS = ['collector', 'aggregator', 'redis'];

export const pidOf = (stack, name) => Number(readFileSync(join(stack.directory, `${name}.pid`), 'utf8').split(' ')[0]);

// By these the kernel brings bytes in, or a program sleeps. All others are recorded, whatever their names.
const INWARD = [
    ...['read', 'readv', 'pread64', 'preadv', 'preadv2', 'recvfrom', 'recvmsg', 'recvmmsg', 'accept', 'accept4', 'getpeername'],
    ...['epoll_wait', 'epoll_pwait', 'poll', 'futex', 'clock_nanosleep', 'getrandom'],
];

async function trace(pid, file) {
    const child = spawn(
        'strace',
        ['-f', '-p', `${pid}`, '-o', file, '-xx', '-s', '4194304', '-e', `trace=!${INWARD.join(',')}`, '-e', 'signal=none'],
        { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.on('data', (text) => (said += text));
    const ended = new Promise((done) => child.on('exit', done));
    await until('strace to attach', () => said.includes('attached') || child.exitCode !== null);
    if (child.exitCode !== null) throw new Error(`strace: ${said}`);
    return async () => {
        child.kill('SIGINT');
        await ended;
    };
}

// The bytes of every string in a record, in their order.
export function stringsOf(record) {
    const strings = record.match(/"(?:\\x[0-9a-f]{2})*"/g) ?? [];
    return Buffer.from(strings.map((text) => text.slice(1, -1).replaceAll('\\x', '') + '0a').join(''), 'hex');
}

// Begin. stop() -> {place: Buffer}; bytes and calls of each record are what was written, never what was read.
export async function watch(stack, programs = ['collector', 'aggregator']) {
    const stops = await Promise.all(programs.map((name) => trace(pidOf(stack, name), join(stack.directory, `../${name}-${pidOf(stack, name)}.strace`))));
    const monitor = spawn('redis-cli', ['-s', stack.REDIS_SOCKET, 'MONITOR'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const told = [];
    monitor.stdout.on('data', (bytes) => told.push(bytes));
    await until('MONITOR to begin', () => told.length > 0);
    return {
        async stop() {
            for (const stop of stops) await stop();
            monitor.kill('SIGTERM');
            const places = { 'Redis, as MONITOR tells': Buffer.concat(told) };
            for (const name of programs) {
                const file = join(stack.directory, `../${name}-${pidOf(stack, name)}.strace`);
                places[`system calls of ${name}`] = stringsOf(await readFile(file, 'latin1'));
                await run('rm', [file]);
            }
            return places;
        },
    };
}

// All that is stored: Redis key by key, its dump and append-only file, the archive with its log, the journal, the logs.
export async function storedBy(stack) {
    const cli = (...command) => run('redis-cli', ['-s', stack.REDIS_SOCKET, ...command]);
    await cli('CONFIG', 'SET', 'rdbcompression', 'no');
    await cli('CONFIG', 'SET', 'list-compress-depth', '0');
    const before = await cli('LASTSAVE');
    await cli('CONFIG', 'SET', 'save', ''); // the dump of BGSAVE alone
    await until('a second to pass', async () => Date.now() / 1000 > Number(before) + 1, { timeoutMs: 5000 });
    await cli('BGSAVE');
    await until('Redis to have written its dump', async () => (await cli('LASTSAVE')) !== before);
    const store = [...(await redisStore(stack))].map(([key, fields]) => [key, ...fields].flat().join('\n')).join('\n');
    const journal = stack.JOURNAL ? await filesBelow(stack.JOURNAL) : {};
    return {
        ...(await filesBelow(stack.directory)),
        ...Object.fromEntries(Object.entries(journal).map(([name, bytes]) => [`journal ${name}`, bytes])),
        'Redis, key by key': Buffer.from(store),
    };
}

// Look through {place: Buffer} and the memory of the programs: {hits, looked: [[place, bytes]]}.
export function lookThrough(search, stack, places, programs = PROGRAMS) {
    const hits = [];
    const looked = [];
    for (const [place, bytes] of Object.entries(places)) {
        hits.push(...search.in(bytes, place));
        looked.push([place, bytes.length]);
    }
    for (const name of programs) {
        const found = searchMemory(search, pidOf(stack, name), `memory of ${name}`);
        hits.push(...found.hits);
        looked.push([`memory of ${name}`, found.bytes]);
    }
    return { hits, looked };
}
