// Many clients on connections that are kept, as a proxy has them. A request fails when it was written and no whole answer
// came. A connection that the server closed before the next request was written is replaced by another, as every proxy does.
import { connect } from 'node:net';

const ANSWER_MS = 20_000;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// One answer as soon as it is whole: {status, last}; else null.
function answerIn(text) {
    const border = text.indexOf('\r\n\r\n');
    if (border < 0) return null;
    const head = text.slice(0, border);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0);
    const length = status === 204 ? 0 : Number(/\r\nContent-Length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (text.length < border + 4 + length) return null;
    return { status, last: /\r\nConnection: close/i.test(head) };
}

class Connection {
    constructor(target) {
        this.socket = connect(target);
        this.closed = false;
        this.text = '';
        this.opened = new Promise((done) => this.socket.once('connect', done).once('close', done));
        this.socket.setNoDelay(true);
        this.socket.on('error', (error) => (this.error = error));
        for (const event of ['end', 'close']) this.socket.on(event, () => ((this.closed = true), this.wake?.()));
        this.socket.on('data', (bytes) => ((this.text += bytes.toString('latin1')), this.wake?.()));
    }

    // The answer to one request, null for none. pieces: what is written, with a pause between.
    async ask(pieces) {
        this.text = '';
        for (const [index, piece] of pieces.entries()) {
            if (index > 0) await wait(5);
            this.socket.write(piece, 'latin1');
        }
        const until = Date.now() + ANSWER_MS;
        for (;;) {
            const answer = answerIn(this.text);
            if (answer) return answer;
            if (this.closed || Date.now() > until) return null;
            await new Promise((done) => {
                const timer = setTimeout(done, until - Date.now() + 1);
                this.wake = () => (clearTimeout(timer), done());
            });
        }
    }

    end() {
        this.socket.destroy();
    }
}

// targets: as net.connect takes them, in turn. request(): the pieces of one request. expected: the status that is right.
// kinds: [{clients, pauseMs: [least, most], once}] - once: a new connection for every request.
export function startLoad({ targets, request, expected, kinds }) {
    const counts = { requests: 0, answered: 0, failed: 0, connections: 0, slowestMs: 0, why: new Map() };
    let running = true;

    function fail(why) {
        counts.failed++;
        counts.why.set(why, (counts.why.get(why) ?? 0) + 1);
    }

    async function one(connection) {
        counts.requests++;
        const began = Date.now();
        const answer = await connection.ask(request());
        counts.slowestMs = Math.max(counts.slowestMs, Date.now() - began);
        if (answer?.status === expected) counts.answered++;
        else fail(answer ? `status ${answer.status}` : (connection.error?.code ?? 'closed without an answer'));
        return answer;
    }

    async function client({ pauseMs: [least, most], once = false }, target) {
        let connection = null;
        await wait(Math.random() * most);
        while (running) {
            if (connection === null || connection.closed) {
                connection?.end();
                connection = new Connection(target);
                await connection.opened;
                counts.connections++;
                if (connection.closed) {
                    counts.requests++;
                    fail(`cannot connect: ${connection.error?.code}`);
                    await wait(50);
                    continue;
                }
            }
            const answer = await one(connection);
            if (once || answer === null || answer.last) {
                connection.end();
                connection = null;
            }
            await wait(least + Math.random() * (most - least));
        }
        connection?.end();
    }

    const clients = kinds.flatMap((kind) => Array.from({ length: kind.clients }, (_, i) => client(kind, targets[i % targets.length])));
    return {
        counts,
        async stop() {
            running = false;
            await Promise.all(clients);
            return counts;
        },
    };
}
