// Peers that never come to an end: a header line, a request target, a body, chunks, and 64 MiB of requests in a pipeline.
// Memory of the collector may not follow. It is warmed up first, so that what is kept for the next peer is there already.
import { flushed } from '../e2e/support/store.mjs';
import { accepted, audited, exactConfig, judge, openSum, startExact, worst } from './support/exact.mjs';
import { forgetPeak, open, pidOf, residentOf, sleep } from './support/host.mjs';
import { beacon, startLoad } from './support/load.mjs';

const MIB = 1 << 20;
const FILLER = Buffer.alloc(8 * 1024, 'a');
const CHUNKS = Buffer.from('10\r\n0123456789abcdef\r\n'.repeat(400));
const HEAD = 'POST /b HTTP/1.1\r\nHost: collector\r\n';

// What each sends first, then for ever.
const ENDLESS = {
    target: ['POST /', FILLER],
    line: [`${HEAD}X-Long: `, FILLER],
    lines: [HEAD, Buffer.from('X-Many: header\r\n'.repeat(500))],
    body: [`${HEAD}Content-Length: 4096\r\n\r\n`, FILLER],
    chunked: [`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, CHUNKS],
    nothing: ['', Buffer.from('\r\n'.repeat(4000))],
};

// Write until the connection ends, at most that many bytes, on connection after connection; the last status. Paced, so that
// the answer is read before the reset that an endless sender gets.
async function pour(url, [first, again], bytes) {
    let written = 0;
    let status = 0;
    while (written < bytes) {
        const socket = open(url);
        await socket.connected;
        if (first) socket.write(first);
        while (written < bytes && !socket.destroyed && !socket.readableEnded) {
            written += again.length;
            if (!socket.write(again)) await Promise.race([new Promise((done) => socket.once('drain', done)), socket.ended, sleep(1000)]);
            if (!socket.text) await sleep(1);
        }
        socket.destroy();
        await socket.ended;
        status = Number(/^HTTP\/1\.1 (\d+)/.exec(socket.text)?.[1] ?? 0) || status;
    }
    return { written, status };
}

// As many beacons as fit into the bytes, one behind the other without waiting; the peer reads slower than it writes.
async function pipeline(url, bytes, { pages = 20 } = {}) {
    const result = { sent: 0, acknowledged: 0, unanswered: 0 };
    let left = bytes;
    while (left > 0) {
        const socket = open(url);
        await socket.connected;
        const requests = Array.from({ length: 1000 }, (_, n) => beacon({ page: `/side/${n % pages}` }));
        const piece = Buffer.from(requests.join(''));
        socket.write(piece);
        left -= piece.length;
        const deadline = Date.now() + 20_000;
        while (answers(socket) < requests.length && !socket.destroyed && Date.now() < deadline) await sleep(2);
        socket.destroy();
        result.sent += requests.length;
        result.acknowledged += answers(socket);
        result.unanswered += requests.length - answers(socket);
    }
    return result;
}

const answers = (socket) => (socket.text.match(/HTTP\/1\.1 204/g) ?? []).length;

// How far a deed lets the memory grow, at its peak.
async function growth(pid, deed) {
    await sleep(50);
    const before = await residentOf(pid);
    await forgetPeak(pid);
    const result = await deed();
    const peak = await residentOf(pid, { peak: true });
    return [Math.max(0, peak - before), result];
}

export async function run({ long }) {
    const bytes = (long ? 64 : 4) * MIB;
    const stack = await startExact({ config: exactConfig({ options: ['flush_interval: 1s'] }) });
    try {
        const pid = await pidOf(stack);
        const warm = startLoad(stack.COLLECTOR_URL);
        await warm.more(2000);
        await warm.stop();
        const warmed = await pipeline(stack.COLLECTOR_URL, 1 * MIB);
        for (const endless of Object.values(ENDLESS)) await pour(stack.COLLECTOR_URL, endless, MIB);
        await flushed(stack);
        const figures = {};
        let worstKib = 0;
        let refused = true;
        for (const [name, endless] of Object.entries(ENDLESS)) {
            const [grown, { status }] = await growth(pid, () => pour(stack.COLLECTOR_URL, endless, bytes));
            figures[`${name}_status`] = status;
            refused &&= status >= 400;
            worstKib = Math.max(worstKib, grown / 1024);
        }
        const [grown, piped] = await growth(pid, () => pipeline(stack.COLLECTOR_URL, bytes));
        const all = { acknowledged: warm.acknowledged + warmed.acknowledged + piped.acknowledged, unanswered: warm.unanswered + warmed.unanswered + piped.unanswered };
        await flushed(stack);
        const verdict = worst(judge(all, await accepted(stack)), judge(all, await audited(stack)), judge(all, await openSum(stack, 'total')));
        return {
            ...verdict,
            ...figures,
            pipelined: piped.acknowledged,
            grown_kib: worstKib,
            pipeline_kib: grown / 1024,
            pass: refused && worstKib < 1024 && grown < MIB,
        };
    } finally {
        await stack.stop();
    }
}
