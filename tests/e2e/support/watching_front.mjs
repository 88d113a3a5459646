// Stands before an aggregator: adds to its policy where to report, and counts what is reported. What it serves by itself, without any
// policy: what is given to it.
import { createServer, request } from 'node:http';

export async function startWatchingFront(target) {
    const front = { reports: [], own: new Map() };
    const { hostname, port } = new URL(target);
    const pass = (incoming, outgoing) => {
        const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
            const headers = { ...answer.headers };
            if (headers['content-security-policy']) headers['content-security-policy'] += '; report-uri /reports';
            outgoing.writeHead(answer.statusCode, headers);
            answer.pipe(outgoing);
        });
        onward.on('error', () => outgoing.destroy());
        incoming.pipe(onward);
    };
    const server = createServer((incoming, outgoing) => {
        if (incoming.url.startsWith('/reports')) {
            let text = '';
            incoming.on('data', (bytes) => (text += bytes)).on('end', () => (front.reports.push({ url: incoming.url, text }), outgoing.writeHead(204).end()));
        } else if (front.own.has(incoming.url)) {
            const { type, body, headers } = front.own.get(incoming.url);
            outgoing.writeHead(200, { 'Content-Type': type, ...headers }).end(body);
        } else {
            pass(incoming, outgoing);
        }
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    front.url = `http://127.0.0.1:${server.address().port}`;
    front.serve = (path, type, body, headers = {}) => front.own.set(path, { type, body, headers });
    front.stop = () => new Promise((done) => (server.closeAllConnections(), server.close(done)));
    return front;
}
