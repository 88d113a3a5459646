// A tmpfs of 1 MiB under the journal: without room at the start, and full afterwards. The journal's pages are reserved at the
// start (posix_fallocate), so a tmpfs that fills up later takes nothing from it; when the counter table itself is full,
// beacons of a new period are answered 503. The tmpfs lies in a mount namespace of its own.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exactConfig, reckon, startExact } from './support/exact.mjs';
import { forgetSite, logged, logOf, setOption, startBehind } from './support/host.mjs';
import { SITE, startLoad } from './support/load.mjs';
import { cannotMount, holdTmpfs } from './support/tmpfs.mjs';

const MIB = 1 << 20;

export async function run({ long }) {
    const why = cannotMount();
    if (why) return { skipped: why };
    const stack = await startExact({ config: exactConfig({ options: ['counter_memory: 1MiB'] }) });
    const folder = join(stack.directory, 'tmpfs');
    const tmpfs = await holdTmpfs(folder, MIB);
    try {
        await stack.order('stop', 'collector');
        await forgetSite(stack, SITE);
        if (stack.JOURNAL) await setOption(stack, /^  journal:.*$/m, `  journal: "${folder}"`);
        else return { skipped: 'the stack has no journal here' };
        await startBehind(stack, 'collector', `exec ${tmpfs.inside.join(' ')}`);
        // Half of it is taken: the program must say what to do, and end.
        await tmpfs.take(MIB / 2);
        const refused = await stack.order('start', 'collector').then(() => '', (error) => error.message);
        const status = (await readFile(join(stack.directory, 'collector.status'), 'utf8').catch(() => '')).trim();
        const sentence = refused.includes('the tmpfs has no room for it; make the tmpfs larger or collector.counter_memory smaller');
        // Room again: it begins, and takes the last page.
        await tmpfs.giveBack();
        await stack.order('start', 'collector');
        tmpfs.fill();
        const load = startLoad(stack.COLLECTOR_URL);
        const kills = long ? 20 : 2;
        for (let kill = 0; kill < kills; kill++) {
            await load.more(500);
            await stack.order('stop', 'collector', '--kill');
            tmpfs.fill();
            await stack.order('start', 'collector');
        }
        await load.more(500);
        await load.stop();
        const adopted = await logged(stack, 'event=journal_adopted');
        const verdict = await reckon(stack, load);
        const bus = /SIGBUS|status 135/.test(await logOf(stack)) ? 1 : 0;
        return {
            ...verdict,
            acknowledged: load.acknowledged,
            unanswered: load.unanswered,
            refused_at_start: sentence ? 1 : 0,
            exit_status: status,
            adopted_when_full: adopted,
            sigbus: bus,
            pass: sentence && status === '1' && adopted === kills && bus === 0 && load.refusedAll === 0,
        };
    } finally {
        tmpfs.end();
        await stack.stop();
    }
}
