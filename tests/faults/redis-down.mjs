// Redis is away for ten minutes.
import { outage } from './support/outage.mjs';

export function run({ long }) {
    let stopped = false;
    return outage({
        seconds: long ? 600 : 6,
        begin: async (stack) => {
            await stack.order('stop', 'redis', '--kill');
            stopped = true;
        },
        end: async (stack) => {
            if (stopped) await stack.order('start', 'redis');
            stopped = false;
        },
    });
}
