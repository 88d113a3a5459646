// Requests byte by byte, from any loopback address: what no well-behaved client would send.
import { connect } from 'node:net';

// Send bytes to the server of url, and take what comes back until it closes: {status, head, body}, status 0 for no
// answer at all. from: the source address (127.x.y.z).
export function exchange(url, bytes, { from, timeoutMs = 20_000 } = {}) {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
        const socket = connect({ host: hostname, port: Number(port), localAddress: from });
        const pieces = [];
        let ended = false;
        const end = (error) => {
            if (ended) return;
            ended = true;
            socket.destroy();
            if (error && pieces.length === 0) reject(error);
            else resolve(answerOf(Buffer.concat(pieces).toString('latin1')));
        };
        socket.setTimeout(timeoutMs, () => end(new Error(`no answer within ${timeoutMs} ms`)));
        socket.on('data', (piece) => pieces.push(piece));
        socket.on('end', () => end());
        socket.on('close', () => end());
        socket.on('error', end); // a refusal may close before it has read everything
        socket.write(Buffer.from(bytes, 'latin1'));
    });
}

function answerOf(text) {
    const border = text.indexOf('\r\n\r\n');
    const head = border < 0 ? text : text.slice(0, border);
    return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0), head, body: border < 0 ? '' : text.slice(border + 4) };
}

// A whole request. headers: lines of [name, value], Host, Content-Length and Connection apart; body: latin1.
export function requestBytes({ method = 'POST', target = '/b', headers = [], body = null, version = 'HTTP/1.1' }) {
    const lines = [`${method} ${target} ${version}`, 'Host: c', 'Connection: close'];
    if (body !== null) lines.push(`Content-Length: ${Buffer.byteLength(body, 'latin1')}`);
    lines.push(...headers.map(([name, value]) => `${name}: ${value}`));
    return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}
