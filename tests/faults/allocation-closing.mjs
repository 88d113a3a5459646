// An allocation fails at its n-th call while the aggregator closes a day (a sample of them without --long), or forty of them from
// the n-th on. It goes on and closes the day later, once; one that a library has ended does so when it is started again.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alive, compileFailing, Findings, sample, startFailing } from './support/allocation.mjs';
import { Closing } from './support/closing.mjs';
import { redis } from './support/exact.mjs';
import { logOf, pidOf } from './support/host.mjs';

const A_WHILE = 40; // allocations

// One close of the day with `count` allocations failing from the n-th on; how many there were.
async function closeWithout(closing, control, n, count, findings) {
    const { stack } = closing;
    await closing.putBack();
    await redis(stack, 'DEL', 'sp1:lease:drain');
    await stack.order('start', 'aggregator');
    const pid = await pidOf(stack, 'aggregator');
    const seen = (await logOf(stack, 'aggregator')).length;
    control.arm(n, count);
    const whole = await closing.close(() => !alive(pid));
    const calls = control.disarm();
    const stuck = !whole && alive(pid);
    await stack.order('stop', 'aggregator');
    if (whole) {
        await closing.checkOnce();
        return calls;
    }
    const status = (await readFile(join(stack.directory, 'aggregator.status'), 'utf8')).trim();
    const text = `${(await logOf(stack, 'aggregator')).slice(seen)}status ${status}\n`;
    if (stuck) findings.stayedStuck('aggregator closing', n, text);
    else findings.died('aggregator closing', n, text);
    await closing.resume();
    return calls;
}

export async function run({ long }) {
    if (!existsSync('/dev/shm')) return { skipped: 'there is no tmpfs for a journal' };
    const folder = mkdtempSync(join(tmpdir(), 'sporlos-allocation-'));
    const preload = compileFailing(folder);
    if (!preload) return { skipped: 'there is no C compiler here' };
    const closing = new Closing();
    const findings = new Findings();
    try {
        await closing.begin();
        const control = await startFailing(closing.stack, 'aggregator', folder, preload);
        const calls = await closeWithout(closing, control, 0, 1, findings);
        const tried = sample(calls, long ? 400 : 12);
        for (const [i, n] of tried.entries()) await closeWithout(closing, control, n, i % 3 === 2 ? A_WHILE : 1, findings);
        control.end();
        const verdict = await closing.end();
        const theirs = [...findings.theirs.values()].reduce((sum, count) => sum + count, 0);
        const acknowledged = closing.load.acknowledged;
        const figures = { tried: `${tried.length}/${calls}`, acknowledged, died: findings.ours, stuck: findings.stuck, theirs };
        return { ...verdict, ...figures, pass: findings.ours === 0 && findings.stuck === 0 };
    } finally {
        await closing.stack?.stop();
        rmSync(folder, { recursive: true, force: true });
    }
}
