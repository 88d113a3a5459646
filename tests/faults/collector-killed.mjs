// kill -9 of the collector at random moments under load, started again each time.
import { until } from '../e2e/support/process.mjs';
import { reckon, startExact } from './support/exact.mjs';
import { startLoad } from './support/load.mjs';

export async function run({ long }) {
    const kills = long ? 100 : 6;
    const stack = await startExact();
    try {
        const load = startLoad(stack.COLLECTOR_URL);
        let worstMs = 0;
        for (let kill = 0; kill < kills; kill++) {
            await load.more(50 + Math.floor(Math.random() * 200));
            await stack.order('stop', 'collector', '--kill');
            const before = load.acknowledged;
            const began = Date.now();
            const started = stack.order('start', 'collector');
            await until('an answer', () => load.acknowledged > before, { everyMs: 5 });
            worstMs = Math.max(worstMs, Date.now() - began);
            await started;
        }
        await load.stop();
        const figures = { kills, acknowledged: load.acknowledged, unanswered: load.unanswered, serving_again_ms: worstMs };
        return { ...(await reckon(stack, load)), ...figures, pass: worstMs < 1000 && load.refusedAll === 0 };
    } finally {
        await stack.stop();
    }
}
