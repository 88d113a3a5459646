// Redis is right and slow: each answer comes most of the time-out later. Nobody waits for it, nothing is given up, no alarm
// goes off, and all that is counted gets there while it is slow.
import { metric, outage } from './support/outage.mjs';
import { startProxy } from './support/proxy.mjs';

const LATE_MS = 1500; // the collector gives a call up after 2000
const HEARTBEAT_MS = 50; // between two looks

export async function run({ long }) {
    let proxy;
    let timeouts;
    let down = 0;
    let looks = 0;
    let flushed;
    let watch;
    const result = await outage({
        seconds: long ? 60 : 12,
        prepare: async () => {
            proxy = await startProxy(0);
            return {
                collectorRedis: `redis://127.0.0.1:${proxy.port}`,
                attach: (stack) => (proxy.target = stack.REDIS_SOCKET),
                release: () => proxy.stop(),
            };
        },
        begin: async (stack) => {
            timeouts = await metric(stack, 'redis_timeouts_total');
            flushed = await metric(stack, 'flush_rounds_total');
            proxy.lateMs = LATE_MS;
            watch = setInterval(async () => {
                const up = await metric(stack, 'redis_up').catch(() => 0);
                looks++;
                down += up !== 1;
            }, HEARTBEAT_MS);
        },
        end: async (stack) => {
            clearInterval(watch);
            if (proxy.lateMs > 0) {
                timeouts = (await metric(stack, 'redis_timeouts_total')) - timeouts;
                flushed = (await metric(stack, 'flush_rounds_total')) - flushed;
            }
            proxy.lateMs = 0;
        },
    });
    return { ...result, late_ms: LATE_MS, given_up: timeouts, looks, down, rounds: flushed, pass: result.pass && timeouts === 0 && looks > 50 && down === 0 && flushed >= 2 };
}
