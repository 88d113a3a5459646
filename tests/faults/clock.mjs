// Midnight, the end of a year, both changes of summer time, days at once and asleep, and an hour back: in which period a beacon counts.
// What is expected comes from Intl, not from our own calendar. Keys that turn with the day tell networks and visitors apart only.
import { run as command, until } from '../e2e/support/process.mjs';
import { flushed, leavesOf, redisStore } from '../e2e/support/store.mjs';
import { archivedRows, audited, exactConfig, judge, noon, startExact, worst } from './support/exact.mjs';
import { forgetSite, logged, setOption, sleep } from './support/host.mjs';
import { SITE, startLoad } from './support/load.mjs';

const at = (text) => new Date(text);
const oslo = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Oslo', dateStyle: 'short' });
const PERIODS = {
    hour: (instant) => Math.floor(instant.getTime() / 3_600_000),
    day: (instant) => Date.parse(oslo.format(instant)) / 86_400_000,
    month: (instant) => {
        const [year, month] = oslo.format(instant).split('-').map(Number);
        return (year - 1970) * 12 + month - 1;
    },
};
const TABLE = { hour: 'hour', day: 'total', month: 'page' };

// Exactly that many beacons, all acknowledged.
async function send(stack, count, all) {
    const load = startLoad(stack.COLLECTOR_URL, { connections: 4, perSecond: Infinity });
    await load.more(count);
    await load.stop();
    for (const name of ['acknowledged', 'unanswered']) all[name] = (all[name] ?? 0) + load[name];
    if (load.refusedAll > 0) throw new Error(`refused: ${JSON.stringify(load.refused)}`);
    return load.acknowledged;
}

// The stack's clock, in any direction: a fault, so not by moveClock.
function setClock(stack, instant) {
    const seconds = Math.round((instant.getTime() - Date.now()) / 1000);
    return command(new URL('../support/stack', import.meta.url).pathname, ['clock', stack.directory, `${seconds < 0 ? '' : '+'}${seconds}`]);
}

const monthIndex = (text) => (Number(text.slice(0, 4)) - 1970) * 12 + Number(text.slice(5)) - 1;

// Map of period -> beacons: what is archived and, of months that have not ended, what is open.
async function counted(stack, kind) {
    const periods = new Map();
    const add = (period, value) => periods.set(period, (periods.get(period) ?? 0) + value);
    for (const row of await archivedRows(stack, TABLE[kind], kind)) add(row.period, row.value);
    if (kind === 'month') {
        for (const [id, value] of leavesOf(await redisStore(stack))) {
            const [, table, period] = id.split(' ');
            if (table === TABLE[kind] && period.length === 'YYYY-MM'.length) add(monthIndex(period), value);
        }
    }
    for (const [period, value] of periods) if (value === 0) periods.delete(period);
    return periods;
}

const sumOf = async (stack, kind) => [...(await counted(stack, kind)).values()].reduce((all, value) => all + value, 0);

// What is still missing when the time is over is lost.
async function settled(stack, total) {
    const everything = async () => (await Promise.all(Object.keys(PERIODS).map((kind) => sumOf(stack, kind)))).every((sum) => sum >= total);
    const deadline = Date.now() + 60_000;
    while (!(await everything()) && Date.now() < deadline) await sleep(500);
    return new Map(await Promise.all(Object.keys(PERIODS).map(async (kind) => [kind, await counted(stack, kind)])));
}

const total = (periods) => [...periods.values()].reduce((all, value) => all + value, 0);

// Each step: some beacons at a moment; what every period must hold afterwards. end: when all of them have ended. Not far
// away, because each of the hours between is closed by itself.
async function walk(moments, end) {
    const stack = await startExact({ instant: at(moments[0]), config: exactConfig({ options: ['flush_interval: 100ms'] }) });
    try {
        const sent = {};
        const expected = { hour: new Map(), day: new Map(), month: new Map() };
        for (const [n, moment] of moments.entries()) {
            await setClock(stack, at(moment));
            const now = await send(stack, 20 + 7 * n, sent);
            for (const kind of Object.keys(PERIODS)) {
                const period = PERIODS[kind](at(moment));
                expected[kind].set(period, (expected[kind].get(period) ?? 0) + now);
            }
        }
        await flushed(stack);
        await setClock(stack, at(end));
        let wrong = 0;
        const verdicts = [judge(sent, await audited(stack))];
        for (const [kind, periods] of await settled(stack, sent.acknowledged)) {
            for (const period of new Set([...periods.keys(), ...expected[kind].keys()])) {
                if (periods.get(period) !== expected[kind].get(period)) process.stderr.write(`${kind} ${period}: ${periods.get(period)} for ${expected[kind].get(period)}\n`);
                wrong += periods.get(period) !== expected[kind].get(period);
            }
            verdicts.push(judge(sent, total(periods)));
        }
        return { ...worst(...verdicts), beacons: sent.acknowledged, wrong };
    } finally {
        await stack.stop();
    }
}

// Under load through midnight, without a jump in it: 3 s before and 4 s after it. midnight: the instant.
async function through(midnight, end) {
    const before = (ms) => new Date(midnight.getTime() - ms);
    const stack = await startExact({ instant: before(3_600_000), config: exactConfig({ options: ['flush_interval: 100ms'] }) });
    try {
        const set = Date.now();
        await setClock(stack, before(10_000)); // which itself takes its time, on a busy machine
        const leftMs = 10_000 - (Date.now() - set);
        if (leftMs < 3500) throw new Error('this machine is too busy to set a clock within seconds: the fault did not happen');
        await sleep(leftMs - 3000);
        const load = startLoad(stack.COLLECTOR_URL, { perSecond: 400 });
        await sleep(7000);
        await load.stop();
        await flushed(stack);
        await setClock(stack, at(end));
        const kinds = await settled(stack, load.acknowledged);
        const verdicts = [...kinds.values()].map((periods) => judge(load, total(periods)));
        return { ...worst(...verdicts), beacons: load.acknowledged, wrong: kinds.get('day').size === 2 ? 0 : 1 };
    } finally {
        await stack.stop();
    }
}

// A machine that slept for days: the aggregator wakes before the collector has sent what it had counted when it fell asleep.
async function asleep() {
    const instant = noon(); // near: every hour that is jumped over is sealed, some of them a flush
    const stack = await startExact({ instant, config: exactConfig({ options: ['flush_interval: 3s'] }) });
    try {
        const sent = {};
        await send(stack, 50, sent);
        await flushed(stack);
        await send(stack, 60, sent);
        await setClock(stack, new Date(instant.getTime() + 60 * 3_600_000));
        const kinds = await settled(stack, sent.acknowledged);
        const verdicts = [...kinds.values()].map((periods) => judge(sent, total(periods)));
        return { ...worst(...verdicts), beacons: sent.acknowledged, wrong: kinds.get('day').size === 1 ? 0 : 1 };
    } finally {
        await stack.stop();
    }
}

// Back by an hour while the collector runs, and again with a restart: it goes on in the periods that it had open.
async function back() {
    const stack = await startExact({ instant: at('2027-06-30T12:30:00Z'), config: exactConfig({ options: ['flush_interval: 100ms'] }) });
    try {
        const sent = {};
        await send(stack, 50, sent);
        await setClock(stack, at('2027-06-30T11:30:00Z'));
        await send(stack, 60, sent);
        if (stack.JOURNAL) await stack.order('restart', 'collector', '--kill');
        await send(stack, 70, sent);
        await flushed(stack);
        await setClock(stack, at('2027-06-30T13:10:00Z'));
        const late = await send(stack, 80, sent);
        await flushed(stack);
        await setClock(stack, at('2027-07-01T02:00:00Z'));
        const kinds = await settled(stack, sent.acknowledged);
        const verdicts = [...kinds.values()].map((periods) => judge(sent, total(periods)));
        const hours = kinds.get('hour');
        const right = hours.size === 2 && hours.get(PERIODS.hour(at('2027-06-30T13:10:00Z'))) === late && kinds.get('day').size === 1;
        return { ...worst(...verdicts), beacons: sent.acknowledged, wrong: right ? 0 : 1 };
    } finally {
        await stack.stop();
    }
}

// A collector that begins without a journal, its clock back in periods that are archived: Redis refuses them. It says so, and
// goes on in the next ones; what it had taken in until then, at most a flush interval, is named and gone.
async function intoClosed() {
    const stack = await startExact({ instant: at('2027-06-30T11:30:00Z'), config: exactConfig({ options: ['flush_interval: 100ms'] }) });
    try {
        const sent = {};
        await stack.order('stop', 'collector');
        await forgetSite(stack, SITE);
        await setOption(stack, /^  journal:.*\n/m, '');
        await stack.order('start', 'collector');
        await send(stack, 50, sent);
        await stack.order('stop', 'collector');
        await setClock(stack, at('2027-07-01T23:30:00Z'));
        await until('the hour and the day to be archived', async () => (await sumOf(stack, 'day')) >= 50 && (await sumOf(stack, 'hour')) >= 50, {
            timeoutMs: 60_000,
            everyMs: 250,
        });
        await setClock(stack, at('2027-06-30T11:40:00Z'));
        await stack.order('start', 'collector');
        await until('Redis to refuse the period', async () => (await logged(stack, 'event=period_closed_without_us')) > 0, { timeoutMs: 10_000 });
        await flushed(stack);
        await until('it to go on', async () => (await logged(stack, 'event=clock_behind_archive')) >= 3, { timeoutMs: 10_000 });
        await flushed(stack);
        const before = await send(stack, 60, sent);
        await flushed(stack);
        await setClock(stack, at('2027-07-02T02:00:00Z'));
        const kinds = await settled(stack, sent.acknowledged);
        const verdicts = [...kinds.values()].map((periods) => judge(sent, total(periods)));
        return { ...worst(...verdicts), beacons: sent.acknowledged, wrong: kinds.get('day').size === 2 && before > 0 ? 0 : 1 };
    } finally {
        await stack.stop();
    }
}

// Never on a boundary (a clock is set to whole seconds), and two minutes before one: a busy machine takes a while to send.
const SPRING = [
    '2027-03-27T22:30:00Z', // 23:30
    '2027-03-28T00:30:00Z', // 01:30
    '2027-03-28T01:30:00Z', // 03:30, summer time
    '2027-03-28T21:58:00Z', // 23:58 of a day of 23 hours
    '2027-03-28T22:00:20Z',
    '2027-03-31T12:10:00Z', // days at once
];
const AUTUMN = [
    '2027-10-31T00:30:00Z', // 02:30, the first time
    '2027-10-31T01:30:00Z', // 02:30 again
    '2027-10-31T22:58:00Z', // 23:58 of a day of 25 hours
    '2027-10-31T23:00:20Z', // the next month
    '2027-11-02T00:30:00Z',
];
const NEW_YEAR = [
    '2027-12-31T22:58:00Z', // 23:58
    '2027-12-31T23:00:20Z', // the next year
    '2028-01-01T22:58:00Z',
    '2028-01-01T23:00:20Z',
];
const LEAP = ['2028-02-28T22:58:00Z', '2028-02-28T23:00:20Z', '2028-02-29T22:58:00Z', '2028-02-29T23:00:20Z'];

// A part's end is soon after its last day.
export const parts = {
    spring: () => walk(SPRING, '2027-04-01T02:00:00Z'),
    autumn: () => walk(AUTUMN, '2027-11-03T02:00:00Z'),
    new_year: () => walk(NEW_YEAR, '2028-01-03T02:00:00Z'),
    through: () => through(at('2027-12-31T23:00:00Z'), '2028-01-03T02:00:00Z'),
    asleep,
    back,
    into_closed: intoClosed,
};

export async function run({ long }) {
    if (long) {
        parts.leap = () => walk(LEAP, '2028-03-03T02:00:00Z');
        parts.through_spring = () => through(at('2027-03-28T22:00:00Z'), '2027-04-01T02:00:00Z');
        parts.through_autumn = () => through(at('2027-10-31T23:00:00Z'), '2027-11-03T02:00:00Z');
    }
    // All at once: most of the time they wait for the aggregator's next round.
    const done = await Promise.all(Object.entries(parts).map(async ([name, part]) => [name, await part()]));
    const wrong = done.filter(([, part]) => part.wrong > 0).map(([name, part]) => `${name}:${part.wrong}`);
    const all = done.map(([, part]) => part);
    const figures = Object.fromEntries(done.map(([name, part]) => [name, part.beacons]));
    return { ...worst(...all), ...figures, wrong_periods: wrong.join() || 0, pass: wrong.length === 0 };
}
