// Stands where the collector stands and writes down what arrives, byte by byte.
import { createServer } from 'node:http';
import { build, loadBundler } from '../../../cmake/embed.mjs';
import { BUILD, ROOT, until } from './process.mjs';

const MODULES = `${BUILD}/npm/node_modules`;

// The tracker exactly as it is embedded in the collector.
export function builtTracker() {
    return build(loadBundler(MODULES), MODULES, { name: 's.js', path: `${ROOT}/collector/tracker/s.js` });
}

// pages: extra documents by path. Ends with stop().
export async function startRecorder(pages = {}) {
    const tracker = await builtTracker();
    const requests = [];
    const server = createServer((request, response) => {
        const chunks = [];
        request.on('data', (chunk) => chunks.push(chunk));
        request.on('end', () => {
            const path = request.url.split('?')[0];
            if (path === '/s.js') {
                response.writeHead(200, { 'Content-Type': tracker.contentType, 'Content-Encoding': 'gzip' });
                response.end(tracker.gzip);
            } else if (pages[path] !== undefined) {
                response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' });
                response.end(pages[path]);
            } else if (path === '/favicon.ico') {
                response.writeHead(204).end();
            } else {
                requests.push({
                    at: Date.now(),
                    method: request.method,
                    url: request.url,
                    headers: request.headers,
                    body: Buffer.concat(chunks).toString('latin1'),
                });
                const origin = request.headers.origin;
                response.writeHead(204, origin ? { 'Access-Control-Allow-Origin': origin, 'Cache-Control': 'no-store' } : {});
                response.end();
            }
        });
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    return {
        tracker,
        url: `http://127.0.0.1:${server.address().port}`,
        requests,
        bodies: () => requests.map((request) => request.body),
        // Wait for that many, then a little longer for one too many.
        async settled(count) {
            await until(`${count} beacons, have ${JSON.stringify(requests.map((r) => r.body))}`, () => requests.length >= count);
            await new Promise((done) => setTimeout(done, 300));
            return requests.map((request) => request.body);
        },
        clear: () => requests.splice(0),
        stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
    };
}
