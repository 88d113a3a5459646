// A collector that may open 64 files. Peers hold connections until none is left; what it does then, and how soon it takes
// new ones when they are let go.
import { metricsOf } from '../e2e/support/store.mjs';
import { until } from '../e2e/support/process.mjs';
import { exactConfig, reckon, startExact } from './support/exact.mjs';
import { open, pidOf, processorMs, sleep, startBehind } from './support/host.mjs';
import { beacon, startLoad } from './support/load.mjs';

const HELD = 80;

// The answer to one beacon over a connection of its own: its status, 0 for none.
async function ask(url, timeoutMs) {
    const socket = open(url);
    socket.write(beacon({ close: true }));
    await Promise.race([socket.ended, sleep(timeoutMs)]);
    socket.destroy();
    return Number(/^HTTP\/1\.1 (\d+)/.exec(socket.text)?.[1] ?? 0);
}

export async function run({ long }) {
    const stack = await startExact({ config: exactConfig() });
    try {
        await stack.order('stop', 'collector');
        await startBehind(stack, 'collector', 'ulimit -n 64; exec');
        await stack.order('start', 'collector');
        const pid = await pidOf(stack);
        const load = startLoad(stack.COLLECTOR_URL, { connections: 2 });
        await load.more(200);
        const figures = { held: 0, told_so: 0, again_ms: 0, idle_processor_percent: 0 };
        for (let round = 0; round < (long ? 10 : 2); round++) {
            const holders = Array.from({ length: HELD }, () => open(stack.COLLECTOR_URL));
            await Promise.all(holders.map((holder) => holder.connected));
            await load.more(100); // who is in stays served
            await sleep(1200);
            figures.told_so += holders.filter((holder) => holder.text.startsWith('HTTP/1.1 503')).length;
            figures.held = Math.max(figures.held, holders.filter((holder) => !holder.destroyed && holder.text === '').length);
            for (const holder of holders) holder.destroy();
            const began = performance.now();
            let status = 0;
            while (status !== 204 && performance.now() - began < 5000) {
                status = await ask(stack.COLLECTOR_URL, 1000);
                if (status === 204) load.acknowledged++;
                else if (status === 0) load.unanswered++;
            }
            figures.again_ms = Math.max(figures.again_ms, performance.now() - began);
        }
        await load.stop();
        // Nothing but waiting peers: what the process does by itself, of two seconds.
        const holders = Array.from({ length: HELD }, () => open(stack.COLLECTOR_URL));
        await Promise.all(holders.map((holder) => holder.connected));
        await sleep(500);
        const before = await processorMs(pid);
        await sleep(2000);
        figures.idle_processor_percent = (await processorMs(pid) - before) / 20;
        const metrics = await metricsOf(stack.METRICS_URL).catch(() => null);
        figures.operations_answered = metrics === null ? 0 : 1;
        for (const holder of holders) holder.destroy();
        await until('the operations to answer', () => metricsOf(stack.METRICS_URL).catch(() => null));
        const verdict = await reckon(stack, load);
        return {
            ...verdict,
            ...figures,
            acknowledged: load.acknowledged,
            pass: figures.again_ms < 1000 && figures.idle_processor_percent < 10 && figures.held > 40 && load.refusedAll === 0,
        };
    } finally {
        await stack.stop();
    }
}
