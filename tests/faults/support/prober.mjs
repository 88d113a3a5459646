// A steady load from a process of its own (prober.c), whose figures do not depend on how busy this one is.
import { spawn } from 'node:child_process';

// acknowledged, refusedAll, unanswered: sums over all of it, as reckon() takes them, once stop() is done.
export function startProber(program, url, { connections = 16, perSecond = 300 } = {}) {
    const child = spawn(program, [new URL(url).port, String(connections), String(perSecond)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const prober = { acknowledged: 0, refusedAll: 0, unanswered: 0 };
    let text = '';
    const waiting = [];
    child.stdout.on('data', (piece) => {
        text += piece;
        for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
            const said = Object.fromEntries([...text.slice(0, end).matchAll(/(\w+) (\S+)/g)].map(([, key, value]) => [key, Number(value)]));
            text = text.slice(end + 1);
            prober.acknowledged += said.acknowledged;
            prober.refusedAll += said.refused;
            prober.unanswered += said.unanswered;
            waiting.shift()?.done(said);
        }
    });
    const ended = new Promise((done) => child.once('close', done));
    ended.then((status) => waiting.splice(0).forEach(({ failed }) => failed(new Error(`the prober ended with ${status}`))));
    const next = () => new Promise((done, failed) => waiting.push({ done, failed }));
    // Since the last time: {sent, acknowledged, refused, unanswered, p50_ms, p99_ms, most_ms}.
    prober.figures = () => {
        const line = next();
        child.stdin.write('\n');
        return line;
    };
    prober.stop = async () => {
        const line = next();
        child.stdin.end();
        await line;
        await ended;
    };
    return prober;
}
