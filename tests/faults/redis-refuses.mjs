// Redis answers, and refuses: out of memory, without its scripts, with keys that are not what we made of them. Each has its
// own alarm; what is not concerned goes on; after the repair everything is there.
import { readFile } from 'node:fs/promises';
import { until } from '../e2e/support/process.mjs';
import { flushed, leavesOf, redisStore } from '../e2e/support/store.mjs';
import { exactConfig, reckon, redis, startExact } from './support/exact.mjs';
import { beacon, SITE, startLoad } from './support/load.mjs';
import { metric, sleep } from './support/outage.mjs';

const OTHER = 'other.example';
const ALARM_MS = 5000;

// Views that Redis has of a site in its open day.
async function views(stack, site, table = 'total') {
    let sum = 0;
    for (const [id, value] of leavesOf(await redisStore(stack))) {
        const [name, of, period] = id.split(' ');
        if (name === site && of === table && period.length === 10) sum += value;
    }
    return sum;
}

const logged = async (stack, pattern) => pattern.test(await readFile(`${stack.directory}/collector.log`, 'utf8'));

// The metric rises and the line is written; ms.
async function alarm(stack, name, pattern, begin) {
    const before = await metric(stack, name);
    const began = Date.now();
    await begin();
    await until(`${name} to rise`, async () => (await metric(stack, name)) > before, { timeoutMs: ALARM_MS * 2, everyMs: 20 });
    await until(`${pattern} in the log`, () => logged(stack, pattern), { timeoutMs: ALARM_MS, everyMs: 20 });
    return Date.now() - began;
}

export async function run({ long }) {
    const stack = await startExact({ config: exactConfig({ more: [OTHER], options: ['flush_interval: 200 ms'] }) });
    const worst = { alarm_ms: 0, others_ms: 0, back_after_ms: 0 };
    const note = (name, ms) => (worst[name] = Math.max(worst[name], ms));
    try {
        const make = (n) => beacon({ site: n % 2 ? OTHER : SITE, page: `/side/${n % 20}`, network: `10.${n % 40}.${n % 7}.9` });
        const load = startLoad(stack.COLLECTOR_URL, { make, perSecond: 200 });
        await load.more(200);
        await flushed(stack);
        // More of it comes to Redis although something else is refused; ms.
        const goesOn = async (site, table) => {
            const before = await views(stack, site, table);
            const began = Date.now();
            await until(`${table} of ${site} to go on`, async () => (await views(stack, site, table)) > before, { everyMs: 50 });
            return Date.now() - began;
        };
        const repaired = async (began) => {
            await until('no refusal', async () => (await metric(stack, 'sites_refused')) === 0, { timeoutMs: 20_000, everyMs: 20 });
            note('back_after_ms', Date.now() - began);
        };
        const rounds = long ? 10 : 1;
        for (let round = 0; round < rounds; round++) {
            note('alarm_ms', await alarm(stack, 'redis_out_of_memory_total', /redis_refused .*oom=1/, () => redis(stack, 'CONFIG', 'SET', 'maxmemory', '1')));
            await sleep(500);
            let began = Date.now();
            await redis(stack, 'CONFIG', 'SET', 'maxmemory', '0');
            await repaired(began);

            await redis(stack, 'SCRIPT', 'FLUSH');
            note('others_ms', await goesOn(SITE, 'total'));

            const store = [...(await redisStore(stack)).keys()];
            const ofSite = store.filter((key) => key.startsWith(`sp1:{${SITE}}:`));
            const broken = [
                ...ofSite.filter((key) => /:leaf:(total|page):\d{4}-\d\d-\d\d:/.test(key)),
                `sp1:{${SITE}}:flush`,
                `sp1:{${SITE}}:open`,
                `sp1:{${SITE}}:sources`,
            ];
            for (const key of broken) {
                const leaf = /:leaf:(total|page):/.exec(key)?.[1];
                const line = leaf ? /redis_key_of_wrong_type site=0 table=\d+ kind=1/ : /redis_refused site=0 .*wrong_type=1/;
                note('alarm_ms', await alarm(stack, 'redis_wrong_type_total', line, () => redis(stack, 'SET', key, 'x')));
                note('others_ms', await goesOn(OTHER, 'total'));
                if (leaf) note('others_ms', await goesOn(SITE, leaf === 'total' ? 'page' : 'total'));
                began = Date.now();
                await redis(stack, 'DEL', key);
                await repaired(began);
            }
        }
        await load.stop();
        const figures = { ...worst, acknowledged: load.acknowledged };
        const pass = load.refusedAll === 0 && worst.alarm_ms < ALARM_MS && worst.others_ms < ALARM_MS && worst.back_after_ms < ALARM_MS;
        return { ...(await reckon(stack, load)), ...figures, pass };
    } finally {
        await stack.stop();
    }
}
