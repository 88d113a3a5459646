// The journal of a collector that was killed, with a byte changed: each of the header's, and some elsewhere. The program that
// finds it may begin anew and say so, or go on; it never dies, and never says more than was counted. Redis is emptied before
// each, so that what it holds afterwards is what came out of the journal.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../e2e/support/process.mjs';
import { metricsOf } from '../e2e/support/store.mjs';
import { audited, exactConfig, openSum, redis, startExact } from './support/exact.mjs';
import { startLoad } from './support/load.mjs';

const HEADER = 440; // sizeof(struct counters_header)
const USED = 60_000; // bytes behind it: records and the first leaves
const at = (name) => `sporlos_collector_${name}`;

// Start a collector on what the journal holds now; what it brought to Redis. It ends by SIGKILL.
async function adopt(stack) {
    await redis(stack, 'FLUSHALL');
    const collector = spawn(join(stack.directory, 'start-collector'), { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    let ended = null;
    let since = Infinity; // the round in which nothing waited any more; what it took is under way until it has ended
    collector.stderr.on('data', (text) => (log += text));
    const gone = once(collector, 'exit').then(([status, signal]) => (ended = signal ?? status));
    try {
        await until(
            'all of it in Redis',
            async () => {
                if (ended !== null) return true;
                const metrics = await metricsOf(stack.METRICS_URL).catch(() => new Map());
                const round = metrics.get(at('flush_rounds_total')) ?? 0;
                since = metrics.get(at('leaves_changed')) === 0 ? Math.min(since, Math.max(round, 2)) : Infinity;
                return round > since;
            },
            { everyMs: 25 },
        );
        return {
            died: ended !== null && ended !== 1 ? 1 : 0,
            refused: ended === 1 ? 1 : 0,
            anew: log.includes('event=journal_begun_anew'),
            sums: [await audited(stack), await openSum(stack, 'total'), await openSum(stack, 'page'), await openSum(stack, 'page', 'month')],
        };
    } finally {
        collector.kill('SIGKILL');
        await gone;
    }
}

export async function run({ long }) {
    const options = ['counter_memory: 1MiB', 'flush_interval: 100ms'];
    const stack = await startExact({ config: exactConfig({ options }) });
    try {
        if (!stack.JOURNAL) return { skipped: 'there is no tmpfs for a journal here' };
        const load = startLoad(stack.COLLECTOR_URL);
        await load.more(1000);
        await load.stop();
        await stack.order('stop', 'collector', '--kill');
        const file = join(stack.JOURNAL, 'counters');
        const whole = readFileSync(file);
        const places = Array.from({ length: HEADER }, (_, n) => n).filter((n) => long || n % 24 === 0 || (n >= 128 && n < 168 && n % 5 < 2));
        for (let n = 0; n < (long ? 400 : 8); n++) places.push(HEADER + Math.floor(Math.random() * USED));
        const found = { exact: 0, anew: 0, less: 0, refused: 0 };
        let lost = 0;
        let doubled = 0;
        let bad = 0;
        for (const place of [-1, ...places]) {
            const changed = Buffer.from(whole);
            if (place >= 0) changed[place] ^= 1 + Math.floor(Math.random() * 255);
            writeFileSync(file, changed);
            const { died, refused, anew, sums } = await adopt(stack);
            const most = Math.max(...sums);
            const exact = sums.every((sum) => sum === load.acknowledged);
            doubled = Math.max(doubled, most - load.acknowledged);
            if (died || (place < 0 && !exact) || most > load.acknowledged) {
                process.stderr.write(`byte ${place}: died ${died}, ${sums} of ${load.acknowledged}\n`);
                bad++;
            }
            if (exact) found.exact++;
            else if (refused) found.refused++;
            else if (anew && most === 0) found.anew++;
            else {
                found.less++;
                process.stderr.write(`byte ${place}: ${sums} of ${load.acknowledged}\n`);
                lost = Math.max(lost, load.acknowledged - Math.min(...sums));
            }
        }
        await stack.order('start', 'collector');
        // What is begun anew is detected, and said; Redis still has what was flushed. What is adopted lacks nothing.
        return { lost, doubled, acknowledged: load.acknowledged, bytes: places.length, ...found, pass: bad === 0 };
    } finally {
        await stack.stop();
    }
}
