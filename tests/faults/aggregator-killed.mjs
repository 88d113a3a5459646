// The aggregator is killed in the middle of closing a day: instead of each call of the kernel with which it writes to the
// archive or asks Redis. Started again it ends what it had begun; the archive has each value once.
//
// Each time begins from the same state, which is put back: the archive's files, and Redis' keys from a second database.
import { cp, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { run as command, until } from '../e2e/support/process.mjs';
import { flushed, leavesOf, redisStore } from '../e2e/support/store.mjs';
import { archivedRows, archivedSum, audited, dayClosed, dayOf, exactConfig, judge, redis, startExact, worst } from './support/exact.mjs';
import { SITE, startLoad } from './support/load.mjs';
import { cannotStep, killed, startAnyway, stepper } from './support/steps.mjs';

const CALLS = 'pwrite64,fdatasync,fsync,ftruncate,unlink,write,sendto';
const SYNC = 'fdatasync';
const SETTLE_MS = 100_000; // more than DRAIN_SETTLE_S

const KEEP = `
local function copy(from, to)
  redis.call('SELECT', to)
  redis.call('FLUSHDB')
  redis.call('SELECT', from)
  for _, key in ipairs(redis.call('KEYS', '*')) do redis.call('COPY', key, key, 'DB', to, 'REPLACE') end
end
copy(tonumber(ARGV[1]), tonumber(ARGV[2]))
return 'OK'`;

async function archiveFiles(folder, name) {
    return (await readdir(folder)).filter((file) => file.startsWith(name)).map((file) => join(folder, file));
}

async function copyArchive(from, to, name) {
    for (const file of await archiveFiles(to, name)) await rm(file);
    for (const file of await archiveFiles(from, name)) await cp(file, join(to, basename(file)));
}

export async function run({ long }) {
    const why = cannotStep();
    if (why) return { skipped: why };
    const stack = await startExact({ config: exactConfig({ options: ['flush_interval: 200 ms'], drainMs: 1000 }) });
    const saved = join(stack.directory, 'saved');
    const [folder, name] = [dirname(stack.ARCHIVE), basename(stack.ARCHIVE)];
    const today = dayOf(stack.instant);
    let later = 86_400_000;
    const settle = () => stack.moveClock(new Date(stack.instant.getTime() + (later += SETTLE_MS)));
    const state = async () => ({
        archived: await dayClosed(stack),
        marked: (await redis(stack, 'GET', `sp1:{${SITE}}:closed:${today}`)).trim() === '1',
    });
    // Everything that has ended is archived, marked and deleted.
    const over = async () => {
        const { archived, marked } = await state();
        if (!archived || !marked) return false;
        return ![...leavesOf(await redisStore(stack)).keys()].some((leaf) => leaf.split(' ')[2].startsWith(today));
    };
    const closes = async () => {
        const deadline = Date.now() + 60_000;
        while (!(await until('', over, { timeoutMs: 1200, everyMs: 50 }).catch(() => false))) {
            if (Date.now() > deadline) throw new Error('the day does not close');
            await settle();
        }
    };
    try {
        const load = startLoad(stack.COLLECTOR_URL);
        await load.more(500);
        await load.stop();
        await stack.order('stop', 'aggregator');
        const steps = await stepper(stack, 'aggregator', CALLS);
        await flushed(stack);
        await stack.moveClock(new Date(stack.instant.getTime() + later));
        const key = `sp1:{${SITE}}:sealed:${today}`;
        await until('the day to be sealed', async () => (await redis(stack, 'EXISTS', key)).trim() === '1');
        await flushed(stack);
        await stack.order('stop', 'collector');
        await redis(stack, 'EVAL', KEEP, '0', '0', '1');
        await command('mkdir', [saved]);
        await copyArchive(folder, saved, name);
        const putBack = async () => {
            await copyArchive(saved, folder, name);
            await redis(stack, 'EVAL', KEEP, '0', '1', '0');
        };
        const verdicts = [];
        const once = async () => {
            const rows = await archivedRows(stack, 'page');
            const keys = new Set(rows.map((row) => `${row.period} ${row.key}`));
            if (keys.size !== rows.length) throw new Error('a row is there twice');
            verdicts.push(judge(load, await archivedSum(stack, 'total')), judge(load, rows.reduce((sum, row) => sum + row.value, 0)));
        };
        // Kill it at that call, or let it end its work; answers what the two stores say of the day then.
        const runUntil = async (at, counted) => {
            await steps.set(at, counted);
            await startAnyway(stack, 'aggregator');
            let dead = await killed(stack, 'aggregator', 1);
            if (!dead) {
                await settle();
                const deadline = Date.now() + 6000;
                while (!(dead = await killed(stack, 'aggregator', 100)) && !(await over()) && Date.now() < deadline);
            }
            // What a killed writer has left is only seen by a reader that may recover the write-ahead log, as the next will.
            if (dead) await command('sqlite3', [stack.ARCHIVE, 'SELECT count(*) FROM closed']);
            const then = await state();
            await steps.set(null);
            return { dead, ...then };
        };
        const resume = async () => {
            await redis(stack, 'DEL', 'sp1:lease:drain'); // the dead one's, which lasts half a minute: not waited for each time
            await stack.order('start', 'aggregator');
            await settle();
            await closes();
            await once();
            await stack.order('stop', 'aggregator');
        };

        // Once to its end, to learn how many calls there are.
        await runUntil(undefined);
        await once();
        await stack.order('stop', 'aggregator');
        const threads = new Map(); // the calls of each, in order
        for (const line of (await steps.trace()).split('\n')) {
            const [, thread, call] = /^(\d+) +(\w+\(.*)/.exec(line) ?? [];
            if (thread) threads.set(thread, [...(threads.get(thread) ?? []), call]);
        }
        const [busiest] = [...threads.values()].sort((a, b) => b.length - a.length);
        // The last step but its end: the day is in the archive, and its mark is about to be sent to Redis.
        const mark = 1 + busiest.findLastIndex((call) => call.includes('SET') && call.includes(`:closed:${today}\\r`));
        if (mark === 0) throw new Error('no closed mark among the calls');
        const calls = mark + 2;
        // The last call of a commit: killed there, the day is in the archive's log, and Redis knows nothing of it. (How many
        // calls there are before in all is not always the same: rounds that only wait make some. These are.)
        const sync = busiest.slice(0, mark).filter((call) => call.startsWith(SYNC)).length;
        const figures = { calls, kills: 0, between_archive_and_mark: 0, wiped_between: 0 };
        const step = long ? 1 : Math.ceil(calls / 6);
        for (let at = long ? 1 : Math.ceil(step / 2); at <= calls; at += step) {
            await putBack();
            const { dead, archived, marked } = await runUntil(at);
            figures.kills += dead ? 1 : 0;
            if (!dead) await stack.order('stop', 'aggregator');
            figures.between_archive_and_mark += dead && archived && !marked ? 1 : 0;
            await resume();
        }

        // The archive has it, Redis does not know yet, and then loses everything or what it had last: the collector brings
        // it all back, and nothing is taken again.
        for (let round = 0; round < (long ? 10 : 1); round++) {
            // Meanwhile the clock went on: an hour or two more are closed before the day.
            let between = false;
            for (let at = sync; !between && at < sync + 6; at++) {
                await putBack();
                const { dead, archived, marked } = await runUntil(at, SYNC);
                between = dead && archived && !marked;
                if (!dead) await stack.order('stop', 'aggregator');
            }
            if (!between) throw new Error('never killed between archive and mark: the fault did not happen');
            figures.between_archive_and_mark++;
            await redis(stack, 'FLUSHDB');
            await stack.order('start', 'collector');
            await until('the day to be in Redis again', async () => [...(await redisStore(stack)).keys()].some((k) => k.includes(':leaf:total:')));
            await flushed(stack);
            await resume();
            figures.wiped_between++;
            await redis(stack, 'EVAL', KEEP, '0', '1', '0'); // and once more, long after it is closed
            await resume();
            await stack.order('stop', 'collector');
        }
        await stack.order('start', 'collector');
        await until('the collector to drop the day', async () => (await audited(stack)) === load.acknowledged, { timeoutMs: 20_000 });
        verdicts.push(judge(load, await audited(stack)));
        await stack.order('start', 'aggregator');
        return { ...worst(...verdicts), ...figures, acknowledged: load.acknowledged, pass: figures.kills > 0 };
    } finally {
        await stack.stop();
    }
}
