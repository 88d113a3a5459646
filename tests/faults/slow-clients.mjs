// What slowhttptest does (-H, -B, -X): many connections that send a head or a body byte by byte, or leave answers lying.
// Each must be closed in 10 s, and nobody else may notice. Who is slow and who measures are processes of their own
// (support/slow_peers.c, support/prober.c), the slow ones nice: the time that others wait is the collector's, and not how late
// anybody was run. The limit for one network is tested apart, where it counts: without a trusted proxy.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricsOf } from '../e2e/support/store.mjs';
import { compile, compilerMissing } from './support/compiled.mjs';
import { exactConfig, reckon, startExact } from './support/exact.mjs';
import { open, setOption, sleep } from './support/host.mjs';
import { startProber } from './support/prober.mjs';

const KINDS = ['head', 'body', 'silent', 'reader'];

// A server that lets everybody be for 5 s: what the attackers cost this machine without the collector.
async function sink() {
    const server = createServer((socket) => {
        socket.on('error', () => {});
        setTimeout(() => socket.destroy(), 5000);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

// For how long the most patient connection of each kind was let be, in ms.
function attack(program, url, count) {
    const child = spawn('nice', ['-n', '10', program, new URL(url).port, String(count), ...KINDS], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (piece) => (text += piece));
    return new Promise((done, failed) =>
        child.on('close', (status) => {
            const longest = Object.fromEntries([...text.matchAll(/^(\w+) (\d+)$/gm)].map(([, kind, ms]) => [kind, Number(ms)]));
            if (status === 0 && Object.keys(longest).length === KINDS.length) done(longest);
            else failed(new Error(`slow_peers ended with ${status}: ${text}`));
        }),
    );
}

// How many of so many connections of one network are let in.
async function admitted(url, count) {
    const sockets = Array.from({ length: count }, () => open(url));
    await Promise.all(sockets.map((socket) => socket.connected));
    await sleep(1500);
    const open_ = sockets.filter((socket) => !socket.destroyed && !socket.readableEnded).length;
    for (const socket of sockets) socket.destroy();
    return open_;
}

async function limitOfOneNetwork(stack) {
    await setOption(stack, /^  trusted_proxies:.*$/m, '  trusted_proxies: []');
    await stack.order('restart', 'collector');
    const letIn = await admitted(stack.COLLECTOR_URL, 80);
    await setOption(stack, /^  trusted_proxies:.*$/m, '  trusted_proxies: ["127.0.0.1/32"]');
    await stack.order('restart', 'collector');
    return letIn;
}

async function withPrograms(folder, count) {
    const [peers, prober] = ['slow_peers', 'prober'].map((name) => compile(name, folder));
    const stack = await startExact({ config: exactConfig({ options: ['connection_max: 5000', 'network_connections: 50'] }) });
    try {
        const load = startProber(prober, stack.COLLECTOR_URL);
        await sleep(1000);
        const elsewhere = await sink();
        await load.figures();
        await attack(peers, elsewhere.url, count);
        const without = await load.figures();
        elsewhere.stop();
        const longest = await attack(peers, stack.COLLECTOR_URL, count);
        const during = await load.figures();
        await load.stop();
        const metrics = await metricsOf(stack.METRICS_URL);
        const letIn = await limitOfOneNetwork(stack);
        const verdict = await reckon(stack, load);
        const seconds = Object.fromEntries(Object.entries(longest).map(([kind, ms]) => [`${kind}_s`, ms / 1000]));
        return {
            ...verdict,
            connections: count * KINDS.length,
            ...seconds,
            timed_out: metrics.get('sporlos_collector_http_timed_out_total') ?? -1,
            others: load.acknowledged,
            p99_ms: during.p99_ms,
            most_ms: during.most_ms,
            without_p99_ms: without.p99_ms,
            without_most_ms: without.most_ms,
            of_one_network: letIn,
            pass:
                Math.max(...Object.values(longest)) <= 10_500 &&
                during.acknowledged > 1000 &&
                during.p99_ms < without.p99_ms + 50 &&
                letIn === 50 &&
                load.refusedAll === 0,
        };
    } finally {
        await stack.stop();
    }
}

export async function run({ long }) {
    const why = compilerMissing();
    if (why) return { skipped: why };
    const folder = mkdtempSync(join(tmpdir(), 'sporlos-slow-'));
    try {
        return await withPrograms(folder, long ? 1000 : 100);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
