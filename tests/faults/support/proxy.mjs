// A cable between the collector and Redis that can be cut after any byte.
import { connect, createServer } from 'node:net';

// listen: the path of a unix socket, or a port of 127.0.0.1 (0: any free one). Ends with stop().
//   target     the socket that it leads to; until it is set, connections are closed at once
//   plan       () => what becomes of a new connection: null, it lasts; {request: N}, Redis gets N bytes of what is sent and
//              then the end; {reply: N}, Redis gets everything, and N bytes of its answers come back before the end;
//              {reply: N, instead: BYTES, deaf}, then these come instead of what Redis answers, until the client ends it;
//              deaf: and Redis gets nothing more
//   lateMs     what Redis answers comes so much later, in its order
//   recording  null, or a list that takes what new connections send: one array of buffers each
//   answers    the same for what comes back
//   breakAll() ends every connection there is
//   passed     connections that were let through; cuts: how many were cut as planned
export async function startProxy(listen) {
    const proxy = { target: null, plan: () => null, lateMs: 0, recording: null, answers: null, passed: 0, cuts: 0, ended: 0 };
    const open = new Set();

    const server = createServer({ allowHalfOpen: true }, (client) => {
        client.on('error', () => {});
        if (!proxy.target) return client.destroy();
        const { request = Infinity, reply = Infinity, instead, deaf = false } = proxy.plan() ?? {};
        const record = proxy.recording && [];
        if (record) proxy.recording.push(record);
        const answers = proxy.answers && [];
        if (answers) proxy.answers.push(answers);
        const redis = connect({ path: proxy.target, allowHalfOpen: true });
        let sent = 0;
        let received = 0;
        let due = 0; // when what came last goes on
        let over = false;
        let lying = false;
        const lie = () => {
            lying = true;
            proxy.cuts++;
            client.write(instead);
        };
        const end = () => {
            if (over) return;
            over = true;
            for (const socket of [client, redis]) {
                if (!socket.writableEnded) socket.end();
                open.delete(socket);
            }
            setTimeout(() => [client, redis].forEach((socket) => socket.destroy()), 100).unref();
        };
        const cut = () => {
            proxy.cuts++;
            end();
        };
        const answer = (piece) => {
            if (over || lying) return;
            client.write(piece.subarray(0, reply - received));
            received += piece.length;
            if (received >= reply) instead ? lie() : cut();
        };
        open.add(client).add(redis);
        proxy.passed++;
        redis.on('error', end);
        client.on('close', () => {
            proxy.ended++;
            end();
        });
        client.on('data', (piece) => {
            if (over) return;
            record?.push(piece);
            if (lying && deaf) return;
            redis.write(piece.subarray(0, request - sent));
            sent += piece.length;
            if (sent >= request) cut();
        });
        redis.on('data', (piece) => {
            if (over || lying) return;
            answers?.push(piece);
            due = Math.max(due, Date.now() + proxy.lateMs);
            if (due > Date.now()) setTimeout(answer, due - Date.now(), piece);
            else answer(piece);
        });
        client.on('end', end);
        redis.on('end', end);
        if (request === 0) cut();
        if (reply === 0 && instead) lie();
    });

    await new Promise((done, failed) => {
        server.once('error', failed);
        server.listen(typeof listen === 'string' ? { path: listen } : { port: listen, host: '127.0.0.1' }, done);
    });
    proxy.port = server.address().port;
    proxy.breakAll = () => open.forEach((socket) => socket.destroy());
    proxy.stop = async () => {
        proxy.breakAll();
        await new Promise((done) => server.close(done));
    };
    return proxy;
}
