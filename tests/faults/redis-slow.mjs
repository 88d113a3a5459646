// Redis is right and slow: each answer comes most of the time-out later. Nobody waits for it, nothing is given up, no alarm
// goes off, and what is counted gets there while it is slow.
import { metric, outage, throughProxy } from './support/outage.mjs';

const LATE_MS = 1500; // the collector gives a call up after 2000
const LOOK_EVERY_MS = 50;
const LOOKS_MIN = 50; // of those, on a busy machine

export async function run({ long }) {
    const link = {};
    const seen = { looks: 0, down: 0 };
    const counted = async (stack) => ({ given_up: await metric(stack, 'redis_timeouts_total'), rounds: await metric(stack, 'flush_rounds_total') });
    let before;
    let watch;
    const result = await outage({
        seconds: long ? 60 : 12,
        prepare: throughProxy(link),
        begin: async (stack) => {
            before = await counted(stack);
            link.proxy.lateMs = LATE_MS;
            watch = setInterval(async () => {
                const up = await metric(stack, 'redis_up').catch(() => 0);
                seen.looks++;
                seen.down += up !== 1;
            }, LOOK_EVERY_MS);
        },
        end: async (stack) => {
            if (!watch) return; // ended
            clearInterval(watch);
            watch = undefined;
            const after = await counted(stack);
            for (const name of Object.keys(after)) seen[name] = after[name] - before[name];
            link.proxy.lateMs = 0;
        },
    });
    const pass = result.pass && seen.given_up === 0 && seen.down === 0 && seen.looks > LOOKS_MIN && seen.rounds >= 2;
    return { ...result, late_ms: LATE_MS, ...seen, pass };
}
