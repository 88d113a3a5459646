// What slowhttptest does (-H, -B, -X), in node: many connections that send a head or a body byte by byte, or read answers so.
// Each must be closed in 10 s, and nobody else may notice. The attackers run in a thread of their own, so that the time that
// others wait is the collector's. The limit for one network is tested apart, where it counts: without a trusted proxy.
import { createServer } from 'node:net';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { metricsOf } from '../e2e/support/store.mjs';
import { exactConfig, reckon, startExact } from './support/exact.mjs';
import { open, setOption, sleep } from './support/host.mjs';
import { beacon, percentile, startLoad } from './support/load.mjs';

const PIPELINED = 900; // answers that a reader asks for and leaves lying: more than the kernel's buffers hold

const KINDS = {
    head: { first: 'POST /b HTTP/1.1\r\nHost: collector\r\n', step: (n) => `X-${n}: a\r\n`, everyMs: 500 },
    body: { first: 'POST /b HTTP/1.1\r\nHost: collector\r\nContent-Length: 4000\r\n\r\n', step: () => 'a', everyMs: 500 },
    silent: { first: '', step: () => '', everyMs: 1000 },
    reader: { first: 'GET /s.js HTTP/1.1\r\nHost: collector\r\n\r\n'.repeat(PIPELINED), step: () => 'G', everyMs: 1000 },
};

// One slow peer; how long it was let be, in ms.
async function bother(url, kind) {
    const socket = open(url);
    if (kind === 'reader') socket.pause();
    await socket.connected;
    const began = performance.now();
    socket.write(KINDS[kind].first);
    for (let n = 0; !socket.destroyed && performance.now() - began < 30_000; n++) {
        await Promise.race([sleep(KINDS[kind].everyMs), socket.ended]);
        if (socket.destroyed) break;
        const step = KINDS[kind].step(n);
        if (step) socket.write(step);
        if (kind === 'reader') socket.read(64);
        else if (socket.readableEnded) socket.destroy(); // it was told off and has understood
    }
    const gone = socket.destroyed || socket.readableEnded;
    socket.destroy();
    await socket.ended;
    return gone ? performance.now() - began : Infinity;
}

// A server that lets everybody be for 5 s: what the attackers cost this machine without the collector.
async function sink() {
    const server = createServer((socket) => {
        socket.on('error', () => {});
        setTimeout(() => socket.destroy(), 5000);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    server.unref();
    return `http://127.0.0.1:${server.address().port}`;
}

if (!isMainThread && workerData?.slow) {
    const { count } = workerData;
    const url = workerData.url ?? (await sink());
    const longest = {};
    await Promise.all(
        Object.keys(KINDS).map(async (kind) => {
            const all = await Promise.all(Array.from({ length: count }, (_, n) => sleep(n).then(() => bother(url, kind))));
            longest[kind] = Math.max(...all);
        }),
    );
    parentPort.postMessage(longest);
}

const attack = (url, count) =>
    new Promise((done, failed) => {
        const worker = new Worker(new URL(import.meta.url), { workerData: { slow: true, url, count } });
        worker.on('message', done);
        worker.on('error', failed);
    });

// How many of so many connections of one network are let in.
async function admitted(url, count) {
    const sockets = Array.from({ length: count }, () => open(url));
    await Promise.all(sockets.map((socket) => socket.connected));
    await sleep(1500);
    const open_ = sockets.filter((socket) => !socket.destroyed && !socket.readableEnded).length;
    for (const socket of sockets) socket.destroy();
    return open_;
}

export async function run({ long }) {
    const count = long ? 1000 : 100;
    const stack = await startExact({ config: exactConfig({ options: ['connection_max: 5000', 'network_connections: 50'] }) });
    try {
        const load = startLoad(stack.COLLECTOR_URL, { connections: 4, perSecond: 300 });
        await load.more(300);
        load.latencies.length = 0;
        await attack(null, count);
        const quiet = percentile(load.latencies, 99);
        load.latencies.length = 0;
        const longest = await attack(stack.COLLECTOR_URL, count);
        const p99 = percentile(load.latencies, 99);
        await load.stop();
        const metrics = await metricsOf(stack.METRICS_URL);
        await setOption(stack, /^  trusted_proxies:.*$/m, '  trusted_proxies: []');
        await stack.order('restart', 'collector');
        const letIn = await admitted(stack.COLLECTOR_URL, 80);
        await setOption(stack, /^  trusted_proxies:.*$/m, '  trusted_proxies: ["127.0.0.1/32"]');
        await stack.order('restart', 'collector');
        const verdict = await reckon(stack, load);
        const seconds = Object.fromEntries(Object.entries(longest).map(([kind, ms]) => [`${kind}_s`, ms / 1000]));
        return {
            ...verdict,
            connections: count * Object.keys(KINDS).length,
            ...seconds,
            timed_out: metrics.get('sporlos_collector_http_timed_out_total') ?? -1,
            others: load.acknowledged,
            p99_ms: p99,
            without_ms: quiet,
            of_one_network: letIn,
            pass: Math.max(...Object.values(longest)) <= 10_500 && p99 < quiet + 50 && letIn === 50 && load.refusedAll === 0,
        };
    } finally {
        await stack.stop();
    }
}
