// A day that wants to be closed, again and again: from the same state, which is put back.
import { cp, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { run as command, until } from '../../e2e/support/process.mjs';
import { flushed, leavesOf, redisStore } from '../../e2e/support/store.mjs';
import { archivedRows, archivedSum, askArchive, audited, dayClosed, dayOf, exactConfig, judge, noon, redis, startExact, worst } from './exact.mjs';
import { SITE, startLoad } from './load.mjs';

const SETTLE_MS = 100_000; // more than DRAIN_SETTLE_S
const NIGHT_MS = 4 * 3_600_000; // from the evening until the day is over, anywhere in Norway's year

const KEEP = `
local function copy(from, to)
  redis.call('SELECT', to)
  redis.call('FLUSHDB')
  redis.call('SELECT', from)
  for _, key in ipairs(redis.call('KEYS', '*')) do redis.call('COPY', key, key, 'DB', to, 'REPLACE') end
end
copy(tonumber(ARGV[1]), tonumber(ARGV[2]))
return 'OK'`;

const evening = () => new Date(noon().getTime() + 9 * 3_600_000);

async function archiveFiles(folder, name) {
    return (await readdir(folder)).filter((file) => file.startsWith(name)).map((file) => join(folder, file));
}

async function copyArchive(from, to, name) {
    for (const file of await archiveFiles(to, name)) await rm(file);
    for (const file of await archiveFiles(from, name)) await cp(file, join(to, basename(file)));
}

// A stack with a day that has ended, is sealed and wants to be closed. After begin() neither collector nor aggregator runs.
// What is put back: the archive's files, and Redis' keys from a second database.
export class Closing {
    async begin() {
        this.stack = await startExact({ instant: evening(), config: exactConfig({ options: ['flush_interval: 200 ms'], drainMs: 500 }) });
        const { stack } = this;
        this.saved = join(stack.directory, 'saved');
        this.archive = [dirname(stack.ARCHIVE), basename(stack.ARCHIVE)];
        this.today = dayOf(stack.instant);
        this.later = 0;
        this.verdicts = [];
        await this.closeHoursBefore();
        this.load = startLoad(stack.COLLECTOR_URL);
        await this.load.more(500);
        await this.load.stop();
        await stack.order('stop', 'aggregator');
        await flushed(stack);
        this.later = NIGHT_MS;
        await stack.moveClock(new Date(stack.instant.getTime() + this.later));
        const key = `sp1:{${SITE}}:sealed:${this.today}`;
        await until('the day to be sealed', async () => (await redis(stack, 'EXISTS', key)).trim() === '1');
        await flushed(stack);
        await stack.order('stop', 'collector');
        await redis(stack, 'EVAL', KEEP, '0', '0', '1');
        await command('mkdir', [this.saved]);
        await copyArchive(this.archive[0], this.saved, this.archive[1]);
        await cp(stack.JOURNAL, join(this.saved, 'journal'), { recursive: true });
    }

    // Each hour from the real time on is a period: what is stepped through is to be few of them, and the day.
    async closeHoursBefore() {
        const last = Math.floor(this.stack.instant.getTime() / 3_600_000) - 2;
        const query = `SELECT count(*) FROM closed WHERE kind = 0 AND period >= ${last}`;
        const closed = async () => Number(await askArchive(this.stack, query)) > 0;
        for (const deadline = Date.now() + 60_000; !(await closed()); ) {
            if (Date.now() > deadline) throw new Error('the hours before do not close');
            await this.settle();
            await until('', closed, { timeoutMs: 3000, everyMs: 100 }).catch(() => {});
        }
    }

    async putBack() {
        await copyArchive(this.saved, this.archive[0], this.archive[1]);
        await this.putBackRedis();
    }

    putBackRedis() {
        return redis(this.stack, 'EVAL', KEEP, '0', '1', '0');
    }

    settle() {
        return this.stack.moveClock(new Date(this.stack.instant.getTime() + (this.later += SETTLE_MS)));
    }

    // What the two stores say of the day.
    async state() {
        return {
            archived: await dayClosed(this.stack),
            marked: (await redis(this.stack, 'GET', `sp1:{${SITE}}:closed:${this.today}`)).trim() === '1',
        };
    }

    // Everything that has ended is archived, marked and deleted.
    async isOver() {
        const { archived, marked } = await this.state();
        if (!archived || !marked) return false;
        return (await this.leavesOfToday()) === 0;
    }

    // How many Redis has, of the day and its hours.
    async leavesOfToday() {
        return [...leavesOf(await redisStore(this.stack)).keys()].filter((leaf) => leaf.split(' ')[2].startsWith(this.today)).length;
    }

    async checkOnce() {
        const rows = await archivedRows(this.stack, 'page');
        const keys = new Set(rows.map((row) => `${row.period} ${row.key}`));
        if (keys.size !== rows.length) throw new Error('a row is there twice');
        const pages = rows.reduce((sum, row) => sum + row.value, 0);
        this.verdicts.push(judge(this.load, await archivedSum(this.stack, 'total')), judge(this.load, pages));
    }

    // Let the day close; false when it does not, or the program has died on the way, which died() tells.
    async close(died = () => false) {
        const deadline = Date.now() + 60_000;
        do {
            await this.settle();
            const over = async () => died() || (await this.isOver());
            if (await until('', over, { timeoutMs: 1200, everyMs: 30 }).catch(() => false)) return !died();
        } while (Date.now() < deadline);
        return false;
    }

    // Started again, it ends what was begun.
    async resume() {
        await redis(this.stack, 'DEL', 'sp1:lease:drain'); // the dead one's, which lasts half a minute: not waited for each time
        await this.stack.order('start', 'aggregator');
        if (!(await this.close())) throw new Error('the day does not close');
        await this.checkOnce();
        await this.stack.order('stop', 'aggregator');
    }

    async end() {
        await this.stack.order('start', 'collector');
        const all = async () => (await audited(this.stack)) === this.load.acknowledged;
        await until('the collector to drop the day', all, { timeoutMs: 20_000 });
        await this.stack.order('start', 'aggregator');
        return worst(...this.verdicts, judge(this.load, await audited(this.stack)));
    }
}

