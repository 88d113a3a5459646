// What was counted, exactly: stacks whose build has no noise, the audit counters, and the archive.
import { run, until } from '../../e2e/support/process.mjs';
import { startStack } from '../../e2e/support/stack.mjs';
import { flushed, leavesOf, metricsOf, redisStore } from '../../e2e/support/store.mjs';
import { SITE } from './load.mjs';

// Nothing limits a sender here: what is tested is counting. options: lines for collector:, without indentation. more: names
// of sites beside SITE.
export function exactConfig({ options = [], pages = Array.from({ length: 20 }, (_, n) => `/side/${n}`), aggregator = [], more = [], drainMs = 300 } = {}) {
    const lines = (list) => list.map((line) => `  ${line}\n`).join('');
    return (
        `collector:\n  network_rate: 0\n${lines(options)}` +
        `aggregator:\n  drain_interval: ${drainMs} ms\n${lines(aggregator)}` +
        `geo:\n  databases: []\n` +
        `sites:\n` +
        [SITE, ...more]
            .map(
                (site) =>
                    `  ${site}:\n    mode: standard\n    hosts: [${site}]\n    timezone: Europe/Oslo\n` +
                    `    pages: [${pages.map((page) => JSON.stringify(page)).join(', ')}]\n`,
            )
            .join('')
    );
}

// Noon of a day to come, far from the end of a period: the clock of a stack only goes forward.
export function noon(days = 2) {
    const today = new Date();
    return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + days, 11, 5));
}

export const dayOf = (instant) => instant.toISOString().slice(0, 10);

// A stack that counts exactly, its clock at `instant`. Ends with stop().
export async function startExact({ instant = noon(), config = exactConfig(), ...options } = {}) {
    const stack = await startStack({ config, clock: true, ...options });
    await stack.moveClock(instant);
    stack.instant = instant;
    stack.sites = (config.match(/^    mode: /gm) ?? []).length;
    return stack;
}

export function redis(stack, ...words) {
    return run('redis-cli', ['-s', stack.REDIS_SOCKET, ...words]);
}

// Beacons that the collectors say they accepted, of all sources that ever reported.
export async function audited(stack) {
    let sum = 0;
    for (const [name, fields] of await redisStore(stack)) {
        if (name.startsWith('sp1:audit:')) sum += Number(fields.get(''));
    }
    return sum;
}

// Accepted beacons as the running collector counts them.
export async function accepted(stack) {
    return (await metricsOf(stack.METRICS_URL)).get('sporlos_collector_beacons_total{verdict="accepted"}') ?? 0;
}

// The open leaves of one table summed over keys, periods of that length ('day' or 'month') only.
export async function openSum(stack, table, kind = 'day') {
    const length = { day: 10, month: 7 }[kind];
    let sum = 0;
    for (const [id, value] of leavesOf(await redisStore(stack))) {
        const [, name, period] = id.split(' ');
        if (name === table && period.length === length) sum += value;
    }
    return sum;
}

// What the archive says. It may lie where only a part of the machine sees it: stack.inside, words before a command there.
export function askArchive(stack, query) {
    const [command, ...words] = [...(stack.inside ?? []), 'sqlite3', '-readonly', '-cmd', '.timeout 5000', stack.ARCHIVE, query];
    return run(command, words);
}

const KINDS = { hour: 0, day: 1, month: 2 };

// Rows of the archive: {period, key, value, sources}. Numbers that no reader sees: this is a test of counting.
export async function archivedRows(stack, table, kind = 'day') {
    const query =
        `SELECT period || ' ' || key.name || ' ' || value || ' ' || sources FROM leaf JOIN key ON key.id = leaf.key ` +
        `JOIN statistic ON statistic.id = leaf.statistic WHERE statistic.name = '${table}' AND kind = ${KINDS[kind]}`;
    const text = await askArchive(stack, query);
    return [...text.matchAll(/^(\S+) (.*) (-?\d+) (\d+)$/gm)].map(([, period, key, value, sources]) => ({
        period: Number(period),
        key,
        value: Number(value),
        sources: Number(sources),
    }));
}

export async function archivedSum(stack, table, kind = 'day') {
    return (await archivedRows(stack, table, kind)).reduce((sum, row) => sum + row.value, 0);
}

// The day of `instant` (UTC date) is in the archive, of every site.
export async function dayClosed(stack, instant = stack.instant) {
    const day = Math.floor(instant.getTime() / 86_400_000);
    const query = `SELECT count(*) FROM closed WHERE kind = 1 AND period = ${day}`;
    return Number(await askArchive(stack, query)) >= (stack.sites ?? 1);
}

// Send what is counted to Redis, let the day end, and wait until it is in the archive.
export async function closeDay(stack, { timeoutMs = 60_000 } = {}) {
    await flushed(stack);
    await stack.moveClock(new Date(stack.instant.getTime() + 86_400_000));
    const deadline = Date.now() + timeoutMs;
    for (let later = 86_400_000; !(await dayClosed(stack)); later += 100_000) {
        if (Date.now() > deadline) throw new Error(`the day ${dayOf(stack.instant)} did not close in ${timeoutMs} ms`);
        // After Redis was away the aggregator waits for 90 seconds (DRAIN_SETTLE_S): they are to pass as well.
        await until('', () => dayClosed(stack), { timeoutMs: 1500, everyMs: 100 }).catch(() => {});
        await stack.moveClock(new Date(stack.instant.getTime() + later));
    }
}

// The verdict on a count: every acknowledged beacon once, an unanswered one at most once.
export function judge({ acknowledged, unanswered = 0 }, counted) {
    return {
        lost: Math.max(0, acknowledged - counted),
        doubled: Math.max(0, counted - acknowledged - unanswered),
    };
}

// The worst of several verdicts.
export function worst(...verdicts) {
    return { lost: Math.max(...verdicts.map((v) => v.lost)), doubled: Math.max(...verdicts.map((v) => v.doubled)) };
}

// The usual end of a fault: the day closes, and audit counter and archive are held against what was acknowledged.
export async function reckon(stack, load) {
    await closeDay(stack);
    const verdicts = [judge(load, await archivedSum(stack, 'total')), judge(load, await archivedSum(stack, 'page'))];
    return worst(judge(load, await audited(stack)), ...verdicts);
}
