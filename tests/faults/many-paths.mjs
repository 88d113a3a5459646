// As many paths as somebody likes to invent, from one network and from many. Memory stays what was reserved; listed pages are
// exact, everything else is exact under '(annet)' or under names that enough networks asked for; and a full table says so.
import { flushed, metricsOf } from '../e2e/support/store.mjs';
import { archivedRows, exactConfig, judge, reckon, startExact, worst } from './support/exact.mjs';
import { logged, pidOf, residentOf } from './support/host.mjs';
import { beacon, startLoad } from './support/load.mjs';

const OTHER = '(annet)';
const KNOWN = 20;
const CAP_KIB = 1024 + 1536 + 768; // counter_memory, names.c: those that are admitted, those that wait
const networkOf = (n) => `${10 + (n >> 16) % 90}.${(n >> 8) & 255}.${n & 255}.7`;

// The n-th beacon: every eighth for a listed page, the others for a path that was made up. from: how the network is chosen.
const maker = (from, known) => (n) => {
    if (n % 8 === 0) {
        const page = `/side/${(n / 8) % KNOWN}`;
        known.set(page, (known.get(page) ?? 0) + 1);
        return beacon({ page, network: networkOf(n) });
    }
    const { path, network } = from(n - Math.ceil(n / 8));
    return beacon({ page: path, network });
};

const word = (n) => n.toString(26).replace(/[0-9a-p]/g, (digit) => String.fromCharCode(97 + parseInt(digit, 26)));
const ONE = (n) => ({ path: `/en/${word(n)}`, network: '192.0.2.1' });
// Four networks ask for each: they earn a name until there is no room.
const MANY = (n) => ({ path: `/mange/${word(Math.floor(n / 4))}`, network: networkOf(n % 4) });

async function flood(count) {
    const stack = await startExact({ config: exactConfig({ options: ['counter_memory: 1MiB'] }) });
    try {
        const pid = await pidOf(stack);
        const warm = startLoad(stack.COLLECTOR_URL);
        await warm.more(1000);
        await warm.stop();
        await flushed(stack);
        const before = await residentOf(pid);
        const known = new Map();
        const loads = [warm];
        for (const [from, share] of [
            [ONE, count - Math.max(count / 2, 28_000)],
            [MANY, Math.max(count / 2, 28_000)],
        ]) {
            const load = startLoad(stack.COLLECTOR_URL, { make: maker(from, known), connections: 16 });
            await load.more(share, { timeoutMs: 600_000 });
            await load.stop();
            loads.push(load);
        }
        const all = {};
        for (const load of loads) for (const name of ['acknowledged', 'unanswered', 'refusedAll']) all[name] = (all[name] ?? 0) + load[name];
        for (let n = 0; n < warm.sent; n++) known.set(`/side/${n % KNOWN}`, (known.get(`/side/${n % KNOWN}`) ?? 0) + 1);
        const grown = (await residentOf(pid, { peak: true })) - before;
        const metrics = await metricsOf(stack.METRICS_URL);
        const alarm = await logged(stack, 'event=counter_table_full');
        const verdict = await reckon(stack, all);
        const rows = await archivedRows(stack, 'page');
        const counted = new Map(rows.map(({ key, value }) => [key, value]));
        let knownWrong = 0;
        let knownAll = 0;
        for (const [page, value] of known) {
            knownWrong += counted.get(page) !== value;
            knownAll += value;
        }
        const rest = rows.filter(({ key }) => !known.has(key)).reduce((sum, { value }) => sum + value, 0);
        const rests = judge({ acknowledged: all.acknowledged - knownAll }, rest);
        return {
            ...worst(verdict, all.unanswered === 0 ? rests : verdict),
            beacons: all.acknowledged,
            refused: all.refusedAll,
            known_wrong: knownWrong,
            named: rows.length - known.size - 1,
            other: counted.get(OTHER) ?? 0,
            coarse: metrics.get('sporlos_collector_beacons_coarse_total'),
            alarm,
            grown_kib: Math.max(0, grown) / 1024,
        };
    } finally {
        await stack.stop();
    }
}

export async function run({ long }) {
    const { lost, doubled, ...figures } = await flood(long ? 1_000_000 : 40_000);
    // What one network invents never gets a name; four networks' paths do, until the 1 MiB is full.
    const pass = figures.known_wrong === 0 && figures.refused === 0 && figures.coarse > 0 && figures.alarm === 1 && figures.grown_kib < CAP_KIB && figures.named > 1000;
    return { lost, doubled, ...figures, pass };
}
