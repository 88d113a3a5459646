// Beacons over keep-alive connections, and what became of each: the sender's side of every count.
import { connect } from 'node:net';

export const SITE = 'site.example';
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

// One beacon from that network, byte by byte.
export function beacon({ site = SITE, page = '/', entry = true, network = '192.0.2.1', close = false, agent = AGENT } = {}) {
    const body = `s=${site}&u=${encodeURIComponent(page)}&n=${entry ? 1 : 0}`;
    return (
        `POST /b HTTP/1.1\r\nHost: collector\r\nUser-Agent: ${agent}\r\nOrigin: https://${site}\r\n` +
        `Content-Type: text/plain;charset=UTF-8\r\nX-Forwarded-For: ${network}\r\n` +
        `${close ? 'Connection: close\r\n' : ''}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    );
}

// A sender on a few keep-alive connections, one beacon under way on each, until stop(). A connection that breaks is opened
// again; a beacon is never sent twice.
//   make(n)   the bytes of the n-th beacon, n = 0, 1, ...
//   perSecond the most it sends
// Figures, at any time: sent, acknowledged (204), refused (by status), unanswered (sent whole or in part, the connection
// broke), slowestMs (of those answered), lastAnswer (Date.now()).
export function startLoad(url, { make = (n) => beacon({ page: `/side/${n % 20}`, network: `10.${n % 40}.${n % 7}.9` }), connections = 8, perSecond = Infinity } = {}) {
    const load = { sent: 0, acknowledged: 0, refused: {}, refusedAll: 0, unanswered: 0, slowestMs: 0, lastAnswer: 0, latencies: [] };
    const { hostname, port } = new URL(url);
    const began = Date.now();
    let running = true;
    const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

    async function connection() {
        while (running) {
            if (!(await session())) await sleep(20);
        }
    }

    // true if at least one answer came.
    function session() {
        return new Promise((done) => {
            const socket = connect({ host: hostname, port: Number(port), noDelay: true });
            let underWay = 0; // when it was sent
            let answered = false;
            let text = '';
            const next = async () => {
                while (running && load.sent >= ((Date.now() - began) / 1000) * perSecond) await sleep(5);
                if (!running) return socket.end();
                if (socket.destroyed || socket.readableEnded) return;
                underWay = performance.now();
                socket.write(make(load.sent++));
            };
            socket.on('connect', next);
            socket.on('data', (piece) => {
                text += piece.toString('latin1');
                const end = text.indexOf('\r\n\r\n');
                if (end < 0) return;
                const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, end + 2))?.[1] ?? 0);
                if (text.length < end + 4 + length) return;
                const head = text.slice(0, end + 2);
                text = text.slice(end + 4 + length);
                settle(head);
                if (/\r\nconnection: close\r\n/i.test(head)) socket.end();
                else next();
            });
            const settle = (head) => {
                const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
                const tookMs = performance.now() - underWay;
                underWay = 0;
                answered = true;
                load.slowestMs = Math.max(load.slowestMs, tookMs);
                load.latencies.push(tookMs);
                load.lastAnswer = Date.now();
                if (status === 204) load.acknowledged++;
                else {
                    load.refusedAll++;
                    load.refused[status] = (load.refused[status] ?? 0) + 1;
                }
            };
            socket.on('error', () => {});
            socket.on('close', () => {
                if (underWay) load.unanswered++;
                done(answered);
            });
        });
    }

    const all = Array.from({ length: connections }, connection);
    // Ends after the answers that are still to come.
    load.stop = async () => {
        running = false;
        await Promise.all(all);
        return load;
    };
    // Until that many more were acknowledged.
    load.more = async (count, { timeoutMs = 30_000 } = {}) => {
        const goal = load.acknowledged + count;
        const deadline = Date.now() + timeoutMs;
        while (load.acknowledged < goal) {
            if (Date.now() > deadline) throw new Error(`only ${load.acknowledged} of ${goal} beacons acknowledged in ${timeoutMs} ms`);
            await sleep(5);
        }
    };
    return load;
}

// The least that p percent of them are not above.
export function percentile(values, p) {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? 0;
}
