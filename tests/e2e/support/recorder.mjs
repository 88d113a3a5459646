// Stands where the collector stands and writes down what arrives, byte by byte.
import { createServer } from 'node:http';
import { build, loadBundler } from '../../../cmake/embed.mjs';
import { BUILD, ROOT, until } from './process.mjs';

const MODULES = `${BUILD}/npm/node_modules`;

const SCRIPTS = {
    's.js': 'tracker/s.js',
    's-restricted.js': 'tracker/restricted.js',
    'feedback.js': 'feedback/feedback.js',
    'opt-out.js': 'optout/choice.mjs',
};

// A script exactly as it is embedded in the collector, by its name there.
export function builtScript(name) {
    return build(loadBundler(MODULES), MODULES, { name, path: `${ROOT}/collector/${SCRIPTS[name]}` });
}

// A view of s.js is told to have ended, whenever that is; these are the others.
export const isNoEnd = (body) => !body.includes('&t=end&');

// pages: extra documents by path, as text or { text, headers }. status: what beacons are answered. Ends with stop().
export async function startRecorder(pages = {}) {
    const scripts = Object.fromEntries(await Promise.all(Object.keys(SCRIPTS).map(async (name) => [`/${name}`, await builtScript(name)])));
    const requests = [];
    const recorder = { status: 204 };
    const server = createServer((request, response) => {
        const chunks = [];
        request.on('data', (chunk) => chunks.push(chunk));
        request.on('end', () => {
            const path = request.url.split('?')[0];
            if (scripts[path]) {
                const headers = { 'Content-Type': scripts[path].contentType, 'Content-Encoding': 'gzip', 'Access-Control-Allow-Origin': '*' };
                response.writeHead(200, headers).end(scripts[path].gzip);
            } else if (pages[path] !== undefined) {
                const { text = pages[path], headers = {} } = pages[path];
                response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache', ...headers });
                response.end(text);
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
                response.writeHead(recorder.status, origin ? { 'Access-Control-Allow-Origin': origin, 'Cache-Control': 'no-store' } : {});
                response.end();
            }
        });
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const bodies = () => requests.map((request) => request.body);
    return Object.assign(recorder, {
        tracker: scripts['/s.js'],
        scripts,
        url: `http://127.0.0.1:${server.address().port}`,
        requests,
        bodies,
        // Wait for that many of the kind, then a little longer for one too many.
        async settled(count, kind = () => true) {
            const have = () => bodies().filter(kind);
            await until(`${count} beacons`, () => have().length >= count).catch((error) => {
                throw new Error(`${error.message}, have ${JSON.stringify(bodies())}`);
            });
            await new Promise((done) => setTimeout(done, 300));
            return have();
        },
        clear: () => requests.splice(0),
        stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
    });
}
