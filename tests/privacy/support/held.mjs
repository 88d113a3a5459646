// A connection that a test holds: sends when it wants, hears what was answered, stays until it is let go.
import { connect } from 'node:net';

// bytes: latin1. {answered: Promise of the first status, or 0 when it was closed without one, send(bytes), close(), reset()}
export function hold(url, bytes, { from } = {}) {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), localAddress: from });
    let said = '';
    const closed = new Promise((done) => socket.on('close', done));
    const answered = new Promise((done) => {
        socket.on('data', (piece) => {
            said += piece.toString('latin1');
            if (said.includes('\r\n\r\n')) done(Number(said.slice(9, 12)));
        });
        socket.on('error', () => done(0));
        socket.on('close', () => done(0));
    });
    const send = (more) => new Promise((done) => socket.write(Buffer.from(more, 'latin1'), done));
    const sent = bytes === '' ? Promise.resolve() : send(bytes);
    return {
        answered,
        sent,
        send,
        answers: () => said.split('HTTP/1.1 ').length - 1,
        close: () => (socket.destroy(), closed),
        reset: () => (socket.resetAndDestroy(), closed),
    };
}
