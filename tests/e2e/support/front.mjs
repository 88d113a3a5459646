// The proxy that stands in front of a collector in real life, and tells it where a reader sits.
import { createServer, request } from 'node:http';

// network: the address that X-Forwarded-For will say; set it before a reader browses. statuses: of the answers to beacons,
// counted here because a page that is being left does not hear of them. Ends with stop().
export async function startFront(collector) {
    const { hostname, port } = new URL(collector);
    const front = { network: '192.0.2.1', statuses: [] };
    const server = createServer((incoming, outgoing) => {
        const headers = { ...incoming.headers, 'x-forwarded-for': front.network };
        const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers }, (answer) => {
            outgoing.writeHead(answer.statusCode, answer.rawHeaders);
            if (incoming.url === '/b') front.statuses.push(answer.statusCode);
            answer.pipe(outgoing);
        });
        onward.on('error', () => outgoing.destroy());
        incoming.pipe(onward);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    front.url = `http://127.0.0.1:${server.address().port}`;
    front.stop = () => new Promise((done) => (server.closeAllConnections(), server.close(done)));
    return front;
}
