// The disk of the archive is full when a day is to be closed, to the last page or with some left, so that it ends in the middle
// of what is written. Nothing is closed, nothing is deleted in Redis, pages are answered, the log says so; when there is room
// again the day is closed, once. Then: the aggregator is begun again on a full disk.
import { copyFile } from 'node:fs/promises';
import { dirname, basename, join } from 'node:path';
import { until } from '../e2e/support/process.mjs';
import { leavesOf, redisStore } from '../e2e/support/store.mjs';
import { Closing } from './support/closing.mjs';
import { redis } from './support/exact.mjs';
import { logged, logOf, setOption, sleep, startBehind } from './support/host.mjs';
import { cannotMount, holdTmpfs } from './support/tmpfs.mjs';

const PAGE = 4096;
const MIB = 1 << 20;

const leaves = async (stack) => [...leavesOf(await redisStore(stack)).values()].reduce((sum, value) => sum + value, 0);

const answers = (url) => fetch(`${url}/login`, { signal: AbortSignal.timeout(3000) }).then((answer) => answer.status, () => 0);

// The archive of a stack whose aggregator does not run is moved onto it.
async function moveArchive(closing, tmpfs, folder) {
    const { stack } = closing;
    const name = basename(stack.ARCHIVE);
    await copyFile(stack.ARCHIVE, tmpfs.path(name));
    stack.ARCHIVE = join(folder, name);
    stack.inside = tmpfs.inside;
    closing.archive = [dirname(tmpfs.path(name)), name];
    await setOption(stack, /^  archive:.*$/m, `  archive: "sqlite://${stack.ARCHIVE}"`);
    await startBehind(stack, 'aggregator', `exec ${tmpfs.inside.join(' ')}`);
}

// The day is to be closed with that many pages left on the disk.
async function closeOnFullDisk(closing, tmpfs, pages, figures) {
    const { stack } = closing;
    await closing.putBack();
    await redis(stack, 'DEL', 'sp1:lease:drain');
    await stack.order('start', 'aggregator');
    const told = () => logged(stack, 'disk_full=1', 'aggregator');
    const [before, alarms] = [await leaves(stack), await told()];
    tmpfs.fill();
    await tmpfs.giveBack(pages * PAGE);
    const seen = async () => (await told()) > alarms || (await closing.isOver());
    for (let patience = 20; ; patience--) {
        if (patience === 0) throw new Error('nothing is closed, and nothing told of it');
        await closing.settle();
        if (await until('', seen, { timeoutMs: 1200 }).catch(() => false)) break;
    }
    if (!(await closing.isOver())) {
        figures.refused++;
        await sleep(1200); // it tries again
        if ((await closing.state()).archived) throw new Error('a day is closed on a full disk');
        if ((await answers(stack.AGGREGATOR_URL)) !== 200) figures.unanswered++;
        // Hours before it may have found room; the day's own leaves are all there.
        if ((await closing.leavesOfToday()) === 0 || (await leaves(stack)) > before) throw new Error('Redis does not have what is not archived');
    }
    await tmpfs.giveBack();
    if (!(await closing.close())) throw new Error('the day does not close when there is room again');
    await closing.checkOnce();
    await stack.order('stop', 'aggregator');
}

// Begun on a full disk: it serves, or says why not.
async function startOnFullDisk(closing, tmpfs) {
    const { stack } = closing;
    await closing.putBack();
    tmpfs.fill();
    const seen = (await logOf(stack, 'aggregator')).length;
    const refused = await stack.order('start', 'aggregator').then(() => false, () => true);
    const said = (await logOf(stack, 'aggregator')).slice(seen);
    await tmpfs.giveBack();
    if (refused && !/the disk is full/.test(said)) throw new Error(`no sentence: ${said}`);
    if (refused) await stack.order('start', 'aggregator');
    if (!(await closing.close())) throw new Error('the day does not close when there is room again');
    await closing.checkOnce();
    await stack.order('stop', 'aggregator');
    return refused ? 1 : 0;
}

export async function run({ long }) {
    const why = cannotMount();
    if (why) return { skipped: why };
    const closing = new Closing();
    const figures = { rounds: 0, refused: 0, unanswered: 0, refused_at_start: 0 };
    let tmpfs;
    try {
        await closing.begin();
        const folder = join(closing.stack.directory, 'disk');
        tmpfs = await holdTmpfs(folder, 8 * MIB);
        await moveArchive(closing, tmpfs, folder);
        for (let pages = 0; pages < (long ? 64 : 25); pages += long ? 1 : 8, figures.rounds++) await closeOnFullDisk(closing, tmpfs, pages, figures);
        figures.refused_at_start = await startOnFullDisk(closing, tmpfs);
        const verdict = await closing.end();
        const pass = figures.refused > 0 && figures.unanswered === 0;
        return { ...verdict, acknowledged: closing.load.acknowledged, ...figures, pass };
    } finally {
        tmpfs?.end(); // it stays as long as a program is in it
        await closing.stack?.stop();
    }
}
