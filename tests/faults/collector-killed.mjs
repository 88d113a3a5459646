// kill -9 of the collector: at random moments under load, and instead of each call of the kernel in which it sends anything
// (to Redis, to a browser, to its log), through a flush, a seal and the word that the period is closed.
import { readFile } from 'node:fs/promises';
import { until } from '../e2e/support/process.mjs';
import { exactConfig, reckon, startExact } from './support/exact.mjs';
import { startLoad } from './support/load.mjs';
import { cannotStep, killed, startAnyway, stepper } from './support/steps.mjs';

const started = (stack) => readFile(`${stack.directory}/collector.pid`, 'utf8').catch(() => '');

// From when the new process is there to its first 204, the longest of so many times.
async function atRandom(stack, load, kills) {
    let worstMs = 0;
    for (let kill = 0; kill < kills; kill++) {
        await load.more(50 + Math.floor(Math.random() * 200));
        const old = await started(stack);
        await stack.order('stop', 'collector', '--kill');
        const before = load.acknowledged;
        const start = stack.order('start', 'collector');
        await until('a new process', async () => ![old, ''].includes(await started(stack)), { everyMs: 2 });
        const began = Date.now();
        await until('an answer', () => load.acknowledged > before, { everyMs: 2 });
        worstMs = Math.max(worstMs, Date.now() - began);
        await start;
    }
    return worstMs;
}

// Killed at the n-th call, n = first, first + step, ...: until it outlives `most`. Returns how many times.
async function atEachStep(stack, calls, { step, most, load }) {
    const steps = await stepper(stack, 'collector', calls);
    let kills = 0;
    for (let n = 1; n <= most; n += step) {
        await stack.order('stop', 'collector', '--kill');
        await steps.set(n);
        await startAnyway(stack, 'collector');
        if (!(await killed(stack, 'collector', 2500))) break;
        kills++;
        if (load) await new Promise((done) => setTimeout(done, 20));
    }
    await steps.set(null);
    await stack.order('stop', 'collector', '--kill');
    await stack.order('start', 'collector');
    return kills;
}

export async function run({ long }) {
    const stack = await startExact({ config: exactConfig({ options: ['flush_interval: 200 ms'] }) });
    try {
        const load = startLoad(stack.COLLECTOR_URL);
        const kills = long ? 100 : 5;
        const worstMs = await atRandom(stack, load, kills);
        const figures = { kills, serving_again_ms: worstMs };
        const why = cannotStep();
        if (why) {
            figures.steps = 'skipped';
        } else {
            // What is sent to Redis and to the log, in 'write' or 'sendto' as hiredis' version has it; browsers: 'sendto'.
            figures.steps_under_load = await atEachStep(stack, 'write,sendto', { step: long ? 1 : 13, most: long ? 150 : 40, load });
        }
        await load.stop();
        if (!why) {
            stack.instant = new Date(stack.instant.getTime() + 86_400_000);
            await stack.moveClock(stack.instant);
            figures.steps_of_a_seal = await atEachStep(stack, 'write,sendto', { step: long ? 1 : 4, most: 60 });
        }
        Object.assign(figures, { acknowledged: load.acknowledged, unanswered: load.unanswered });
        return { ...(await reckon(stack, load)), ...figures, pass: worstMs < 1000 && load.refusedAll === 0 };
    } finally {
        await stack.stop();
    }
}
