// CLIENT PAUSE ALL: Redis reads commands and carries them out later, when those who sent them have given up.
import { redis } from './support/exact.mjs';
import { outage, sleep } from './support/outage.mjs';

export function run({ long }) {
    const seconds = long ? 60 : 5;
    return outage({
        seconds,
        timeoutMs: 2000,
        begin: (stack) => redis(stack, 'CLIENT', 'PAUSE', String(seconds * 1000), 'ALL'),
        end: () => sleep(0), // it ends by itself
    });
}
