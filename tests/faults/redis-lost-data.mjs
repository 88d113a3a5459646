// Redis comes to have less than it once acknowledged: wiped at noon, an old dump put back, failed over to a replica that had
// not kept up. Everything open is back within five seconds, also of sites that nobody visits any more.
import { cp, readFile, rename, rm } from 'node:fs/promises';
import { freePort, run as command, start, until } from '../e2e/support/process.mjs';
import { flushed, redisStore } from '../e2e/support/store.mjs';
import { exactConfig, reckon, redis, startExact } from './support/exact.mjs';
import { beacon, SITE, startLoad } from './support/load.mjs';
import { metric } from './support/outage.mjs';

const QUIET = ['quiet.example', 'silent.example'];
const BACK_MS = 5000;

// All that the collector keeps in Redis: leaves, witnesses, which periods are open, and the audit counter.
async function kept(stack) {
    const rows = [];
    for (const [key, fields] of await redisStore(stack)) {
        if (!/:(leaf|witness|open|audit)(:|$)/.test(key)) continue;
        for (const [field, value] of fields) rows.push(`${key} ${field} ${value}`);
    }
    return rows;
}

// lose(): makes Redis lose data, which the alarm must say. Then, without any beacon, everything must come back; ms.
async function loss(stack, lose) {
    await flushed(stack);
    const before = await kept(stack);
    const known = await metric(stack, 'redis_losses_total');
    await lose();
    const began = Date.now();
    // What an old dump brings back of closed periods is the aggregator's to delete.
    let missing;
    const same = async () => {
        const now = new Set(await kept(stack));
        missing = before.filter((row) => !now.has(row));
        return missing.length === 0;
    };
    await until('everything to be in Redis again', same, { timeoutMs: 20_000, everyMs: 50 }).catch((error) => {
        throw new Error(`${error.message}\nmissing: ${missing.slice(0, 5).join('\n')}`);
    });
    const ms = Date.now() - began;
    await until('the alarm', async () => (await metric(stack, 'redis_losses_total')) > known, { timeoutMs: 2000, everyMs: 50 });
    return ms;
}

// A second Redis that followed the first until just now.
async function staleReplica(stack) {
    const [master, own] = [await freePort(), await freePort()];
    const socket = `${stack.directory}/replica.sock`;
    await redis(stack, 'CONFIG', 'SET', 'port', String(master));
    const server = start('redis-server', [
        ...['--port', String(own), '--bind', '127.0.0.1', '--unixsocket', socket, '--unixsocketperm', '700', '--save', ''],
        ...['--dir', stack.directory, '--dbfilename', 'replica.rdb', '--replicaof', '127.0.0.1', String(master)],
        ...['--aclfile', `${stack.directory}/users.acl`],
    ]);
    await until('the replica to follow', async () => {
        const info = await command('redis-cli', ['-s', socket, 'INFO', 'replication']).catch(() => '');
        return info.includes('master_link_status:up');
    });
    await command('redis-cli', ['-s', socket, 'REPLICAOF', 'NO', 'ONE']);
    return { socket, stop: () => server.stop() };
}

export async function run({ long }) {
    const stack = await startExact({ config: exactConfig({ more: QUIET }) });
    let replica;
    try {
        const sites = [SITE, ...QUIET];
        const make = (n) => beacon({ site: sites[n % 3], page: `/side/${n % 20}`, network: `10.${n % 40}.${n % 7}.9` });
        const total = { acknowledged: 0, unanswered: 0 };
        // Beacons to all sites, then silence.
        const visit = async (count) => {
            const load = startLoad(stack.COLLECTOR_URL, { make, perSecond: 400 });
            await load.more(count);
            await load.stop();
            total.acknowledged += load.acknowledged;
            total.unanswered += load.unanswered;
        };
        const figures = { wiped_back_ms: 0, dump_back_ms: 0, failover_back_ms: 0 };
        const note = (name, ms) => (figures[name] = Math.max(figures[name], ms));
        for (let round = 0; round < (long ? 10 : 1); round++) {
            await visit(300);
            note('wiped_back_ms', await loss(stack, () => redis(stack, 'FLUSHALL')));

            await visit(150);
            await flushed(stack);
            const folder = `${stack.directory}/appendonlydir`;
            await cp(folder, `${folder}.old`, { recursive: true });
            await visit(150);
            const oldDump = async () => {
                await stack.order('stop', 'redis');
                await rm(folder, { recursive: true });
                await rename(`${folder}.old`, folder);
                await stack.order('start', 'redis');
            };
            note('dump_back_ms', await loss(stack, oldDump));
        }
        // Under load: what comes meanwhile is counted as well.
        const load = startLoad(stack.COLLECTOR_URL, { make, perSecond: 200 });
        for (let wipe = 0; wipe < (long ? 30 : 3); wipe++) {
            await load.more(150);
            await redis(stack, 'FLUSHALL');
        }
        await load.stop();
        total.acknowledged += load.acknowledged;
        total.unanswered += load.unanswered;

        await flushed(stack);
        replica = await staleReplica(stack);
        await visit(300);
        const failover = async () => {
            await stack.order('stop', 'redis', '--kill');
            await rename(replica.socket, stack.REDIS_SOCKET);
        };
        note('failover_back_ms', await loss(stack, failover));

        const log = await readFile(`${stack.directory}/collector.log`, 'utf8');
        figures.alarms = (log.match(/redis_lost_data site=\d/g) ?? []).length;
        figures.acknowledged = total.acknowledged;
        const named = [0, 1, 2].every((site) => log.includes(`redis_lost_data site=${site} `));
        const slowest = Math.max(figures.wiped_back_ms, figures.dump_back_ms, figures.failover_back_ms);
        return { ...(await reckon(stack, total)), ...figures, pass: named && slowest < BACK_MS };
    } finally {
        await stack.stop().finally(() => replica?.stop());
    }
}
