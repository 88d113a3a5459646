// Redis over TCP, and from one moment on every packet of it is dropped, SYN or not: nothing comes, not even a refusal.
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { outage, throughProxy } from './support/outage.mjs';

const nft = (rules) => execFileSync('nft', ['-f', '-'], { input: rules, stdio: ['pipe', 'ignore', 'pipe'], env: { PATH: `${process.env.PATH}:/usr/sbin` } });

export async function run({ long }) {
    const table = `inet sporlos_faults_${process.pid}`;
    try {
        nft(`add table ${table}\ndelete table ${table}\n`);
    } catch (error) {
        return { skipped: `no packets can be dropped here (${String(error.stderr ?? error.message).trim().split('\n')[0]})` };
    }
    const link = {};
    let log;
    let dropping = false;
    const result = await outage({
        seconds: long ? 60 : 6,
        timeoutMs: 2000,
        prepare: throughProxy(link),
        begin: () => {
            const { port } = link.proxy;
            nft(`table ${table} {\n  chain out {\n    type filter hook output priority 0;\n    tcp dport ${port} drop\n    tcp sport ${port} drop\n  }\n}\n`);
            dropping = true;
        },
        end: async (stack) => {
            if (dropping) nft(`delete table ${table}\n`);
            dropping = false;
            if (stack) log = await readFile(`${stack.directory}/collector.log`, 'utf8').catch(() => log);
        },
    });
    const connecting = (log.match(/redis_timeout connecting=1/g) ?? []).length;
    const waiting = (log.match(/redis_timeout connecting=0/g) ?? []).length;
    return { ...result, syn_timeouts: connecting, reply_timeouts: waiting, pass: result.pass && connecting > 0 && waiting > 0 };
}
