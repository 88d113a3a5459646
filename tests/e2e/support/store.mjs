// What a stack keeps, as its operator could read it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { run, until } from './process.mjs';

const EVERYTHING = `
local store = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind = redis.call('TYPE', key).ok
  local fields = {}
  if kind == 'hash' then
    local pairs = redis.call('HGETALL', key)
    for i = 1, #pairs, 2 do fields[#fields + 1] = {pairs[i], pairs[i + 1]} end
  elseif kind == 'set' then
    for _, member in ipairs(redis.call('SMEMBERS', key)) do fields[#fields + 1] = {member, ''} end
  elseif kind == 'string' then
    fields[1] = {'', redis.call('GET', key)}
  else
    error('a key of the unexpected type ' .. kind)
  end
  store[#store + 1] = {key, fields, redis.call('TTL', key)}
end
return cjson.encode(store)`;

// Every key of Redis: Map of key -> Map of field -> value (member -> '' for a set, '' -> value for a string).
export async function redisStore(stack) {
    const rows = JSON.parse(await run('redis-cli', ['-s', stack.REDIS_SOCKET, '--raw', 'EVAL', EVERYTHING, '0']));
    return new Map((Array.isArray(rows) ? rows : []).map(([key, fields]) => [key, new Map(Array.isArray(fields) ? fields : [])]));
}

// Leaves of all sources: Map of 'SITE TABLE PERIOD KEY' -> value.
export function leavesOf(store) {
    const leaves = new Map();
    for (const [name, fields] of store) {
        const [, site, table, period] = /^sp1:\{(.*)\}:leaf:([a-z_]+):([-0-9T]+):[0-9a-f]+$/.exec(name) ?? [];
        if (!site) continue;
        for (const [key, value] of fields) {
            const id = `${site} ${table} ${period} ${key}`;
            leaves.set(id, (leaves.get(id) ?? 0) + Number(value));
        }
    }
    return leaves;
}

// The numbers of a /metrics page by name with labels.
export async function metricsOf(url) {
    const text = await (await fetch(url)).text();
    return new Map([...text.matchAll(/^([a-z_]+(?:\{[^}]*\})?) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]));
}

// Wait until everything that was acknowledged before is in Redis.
export async function flushed(stack, patience = { timeoutMs: 60_000, everyMs: 100 }) {
    const rounds = (await metricsOf(stack.METRICS_URL)).get('sporlos_collector_flush_rounds_total');
    await until(
        'a whole flush',
        async () => {
            const now = await metricsOf(stack.METRICS_URL);
            return now.get('sporlos_collector_leaves_changed') === 0 && now.get('sporlos_collector_flush_rounds_total') >= rounds + 2;
        },
        patience,
    );
}

// Tells collectors that everything of a site is in force, as an aggregator would, where a test has none.
export async function allInForce(socket, site, mode = 'standard') {
    const rows = await readFile(new URL('../../../include/sporlos/table.h', import.meta.url), 'utf8');
    const tables = [...rows.matchAll(/X\(TABLE_[A-Z_]+, "([a-z_]+)"/g)].map(([, name]) => name);
    if (tables.length === 0) throw new Error('table.h has no rows');
    const fields = ['version', '1', 'mode', mode, 'min_population', '0'];
    for (const table of tables) for (const kind of ['hour', 'day', 'month']) fields.push(`${table}.${kind}`, '0');
    await run('redis-cli', ['-s', socket, 'HSET', `sp1:{${site}}:declaration`, ...fields]);
}

// The collector's own count of beacons by verdict, and of fields that it did not know.
export async function beaconsOf(url) {
    const counts = {};
    for (const [name, number] of await metricsOf(url)) {
        const verdict = /^sporlos_collector_beacons_total\{verdict="(\w+)"\}$/.exec(name)?.[1];
        if (verdict) counts[verdict] = number;
        if (name === 'sporlos_collector_beacon_fields_unknown_total') counts.unknown_fields = number;
    }
    return counts;
}

// What act adds to these counts: what it must, and then for a while nothing more.
export async function addsBeacons(url, expected, act) {
    const start = await beaconsOf(url);
    await act();
    const added = async () => Object.fromEntries(Object.entries(await beaconsOf(url)).map(([name, number]) => [name, number - start[name]]).filter(([, number]) => number !== 0));
    const total = (counts) => Object.values(counts).reduce((sum, number) => sum + number, 0);
    await until(JSON.stringify(expected), async () => total(await added()) >= total(expected));
    await new Promise((done) => setTimeout(done, 400));
    assert.deepEqual(await added(), expected);
}
