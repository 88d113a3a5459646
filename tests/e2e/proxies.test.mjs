// Who a visitor is, told by real proxies: nginx and HAProxy in front of a collector, and visitors who lie. The networks are
// those of the loopback: 127.0.1.x and 127.0.2.x are two /24. Which of them a beacon counted under is told by the rate
// limit: a network has BURST beacons and hardly more, whatever its visitors write.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { nginxArguments, nginxConfiguration } from './support/nginx.mjs';
import { BUILD, freePort, start, until } from './support/process.mjs';

const BURST = 20;
const CONNECTIONS = 5; // of one network
const SITE = 'site.example';
const BEACON = `s=${SITE}&u=/`;
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

let directory, socket;
const ports = {};
const programs = [];

const configuration = () => `
collector:
  listen: ["127.0.0.1:${ports.plain}", "unix:${socket}"]
  listen_proxy: ["127.0.0.1:${ports.proxy}"]
  ops_listen: ["127.0.0.1:${ports.ops}"]
  trusted_proxies: ["127.0.0.1/32"]
  network_rate: 1
  network_burst: ${BURST}
  network_connections: ${CONNECTIONS}
redis:
  url: "unix://${directory}/no-redis.sock"
geo:
  databases: []
sites:
  ${SITE}:
    mode: standard
`;

// As docs/operations.md has it, and two ways of doing it worse.
const nginx = () => nginxConfiguration(directory, `
    server {
        listen 127.0.0.1:${ports.nginx};
        location = /b { proxy_pass http://127.0.0.1:${ports.plain}; proxy_set_header X-Forwarded-For $remote_addr; }
        location = /unix { proxy_pass http://unix:${socket}:/b; proxy_set_header X-Forwarded-For $remote_addr; }
        location = /chain {
            proxy_pass http://127.0.0.1:${ports.plain}/b;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }
    }`);

const haproxy = () => `
global
    maxconn 256
defaults
    timeout connect 2s
    timeout client 20s
    timeout server 20s
    retries 0
listen http
    mode http
    bind 127.0.0.1:${ports.haproxyHttp}
    http-request set-header X-Forwarded-For %[src]
    server collector 127.0.0.1:${ports.plain}
listen adds
    mode http
    option forwardfor
    bind 127.0.0.1:${ports.haproxyAdds}
    server collector 127.0.0.1:${ports.plain}
listen version1
    mode tcp
    bind 127.0.0.1:${ports.version1}
    server collector 127.0.0.1:${ports.proxy} send-proxy
listen version2
    mode tcp
    bind 127.0.0.1:${ports.version2}
    server collector 127.0.0.1:${ports.proxy} send-proxy-v2
listen checked
    mode tcp
    bind 127.0.0.1:${ports.checked}
    option httpchk GET /s.js
    timeout check 20s
    server collector 127.0.0.1:${ports.proxy} send-proxy-v2 check inter 100ms fall 1
listen version2tlv
    mode tcp
    bind 127.0.0.1:${ports.version2Tlv}
    unique-id-format %{+X}o%ci:%cp_%Ts
    server collector 127.0.0.1:${ports.proxy} send-proxy-v2 proxy-v2-options crc32c,unique-id
`;

before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sporlos-proxies-'));
    socket = join(directory, 'collector.sock');
    const names = ['plain', 'proxy', 'ops', 'nginx', 'haproxyHttp', 'haproxyAdds', 'version1', 'version2', 'checked', 'version2Tlv'];
    for (const name of names) ports[name] = await freePort();
    const write = async (name, text) => {
        await writeFile(join(directory, name), text);
        return join(directory, name);
    };
    programs.push(start(join(BUILD, 'bin/sporlos-collector'), ['--config', await write('sporlos.yaml', configuration())]));
    await listening('plain');
    await listening('ops');
    const env = { ...process.env, PATH };
    programs.push(
        start('nginx', nginxArguments(directory, await write('nginx.conf', nginx())), { env }),
        start('haproxy', ['-db', '-f', await write('haproxy.cfg', haproxy())], { env }),
    );
    await Promise.race([
        Promise.all(['nginx', 'version2Tlv'].map(listening)),
        ...programs.map((program) => program.ended.then((why) => Promise.reject(new Error(why)))),
    ]);
});

after(async () => {
    for (const program of programs.reverse()) await program.stop();
    if (directory) await rm(directory, { recursive: true });
});

function listening(name) {
    return until(`${name} to listen`, () =>
        new Promise((done) => {
            const probe = connect(ports[name], '127.0.0.1', () => (probe.destroy(), done(true)));
            probe.on('error', () => done(false));
        }),
    );
}

// The status of one beacon, sent from that address of ours to that port or socket; 0 when there was no answer.
function send({ port, socketPath, from, path = '/b', body = BEACON, headers = {}, agent = false }) {
    return new Promise((done) => {
        const sent = request(
            {
                ...(socketPath ? { socketPath } : { host: '127.0.0.1', port, localAddress: from }),
                method: 'POST',
                path,
                agent,
                headers: { Origin: `https://${SITE}`, 'User-Agent': 'Mozilla/5.0 Firefox/130.0', ...headers },
            },
            (answer) => answer.resume().on('end', () => done({ status: answer.statusCode, headers: answer.headers })),
        );
        sent.on('error', () => done({ status: 0, headers: {} }));
        sent.end(body);
    });
}

// Send count beacons, one after the other. taken: how many were; the others were refused for the rate. gained: what the
// rate may have given back meanwhile.
async function sendMany(count, how) {
    const began = Date.now();
    let taken = 0;
    for (let i = 0; i < count; i++) {
        const { status, headers } = await send(typeof how === 'function' ? how(i) : how);
        if (status === 429) assert.match(headers['retry-after'], /^[1-9][0-9]*$/);
        else assert.equal(status, 204, 'taken or refused for its rate');
        taken += status === 204;
    }
    return { taken, gained: Math.ceil((Date.now() - began) / 1000) + 1 };
}

// The network behind how has its whole burst, and then no more.
async function assertFreshNetwork(how) {
    const { taken, gained } = await sendMany(BURST + 10, how);
    assert.ok(taken >= BURST, `${taken} taken, the burst is ${BURST}`);
    assert.ok(taken <= BURST + gained, `${taken} taken, the burst is ${BURST} and ${gained} s went by`);
}

// The network behind how was used up by assertFreshNetwork, which began at that time.
async function assertUsedUp(how, since) {
    const { taken } = await sendMany(10, how);
    const gained = Math.ceil((Date.now() - since) / 1000) + 1;
    assert.ok(taken <= gained, `${taken} taken in ${gained} s: this is not the network that was used up`);
}

async function metric(name) {
    const text = await new Promise((done, failed) => {
        request({ host: '127.0.0.1', port: ports.ops, path: '/metrics' }, (answer) => {
            let body = '';
            answer.on('data', (chunk) => (body += chunk)).on('end', () => done(body));
        })
            .on('error', failed)
            .end();
    });
    const found = text.match(new RegExp(`^sporlos_collector_${name} (\\S+)$`, 'm'));
    assert.ok(found, `metric ${name}`);
    return Number(found[1]);
}

// Say bytes on a connection of our own; what came back until it was closed or 300 ms passed without a byte.
function say(port, from, bytes) {
    return new Promise((done) => {
        let answer = '';
        const end = (closed) => done({ answer, closed });
        const client = connect({ host: '127.0.0.1', port, localAddress: from });
        client.setTimeout(300, () => (end(false), client.destroy()));
        client.on('data', (chunk) => (answer += chunk));
        client.on('error', () => end(true));
        client.on('close', () => end(true));
        client.write(bytes);
    });
}

describe('proxies that are trusted', () => {
    // Each a network of its own, so that the tests do not touch each other's.
    const ways = [
        ['nginx, X-Forwarded-For', 11, () => ({ port: ports.nginx })],
        ['nginx to the unix socket', 12, () => ({ port: ports.nginx, path: '/unix' })],
        ['HAProxy, X-Forwarded-For', 13, () => ({ port: ports.haproxyHttp })],
        ['HAProxy, send-proxy', 14, () => ({ port: ports.version1 })],
        ['HAProxy, send-proxy-v2', 15, () => ({ port: ports.version2 })],
        ['HAProxy, send-proxy-v2 with TLVs', 16, () => ({ port: ports.version2Tlv })],
    ];
    for (const [name, net, where] of ways) {
        test(`${name}: each visitor is counted under the own network`, async () => {
            const since = Date.now();
            await assertFreshNetwork((i) => ({ ...where(), from: `127.0.${net}.${1 + (i % 9)}` }));
            const other = await send({ ...where(), from: `127.0.${100 + net}.1` });
            assert.equal(other.status, 204, 'another network is another bucket');
            await assertUsedUp({ port: ports.plain, from: `127.0.${net}.77` }, since); // the same without a proxy
        });

        test(`${name}: what the visitor says of the own address changes nothing`, async () => {
            const since = Date.now();
            const lies = (i) => ({
                'X-Forwarded-For': `198.51.${i}.7`,
                Forwarded: `for=198.51.${i}.7`,
                'X-Real-IP': `198.51.${i}.7`,
                'True-Client-IP': `198.51.${i}.7`,
                'CF-Connecting-IP': `198.51.${i}.7`,
            });
            const body = (i) => `${BEACON}&ip=198.51.${i}.7&x-forwarded-for=198.51.${i}.7`;
            await assertFreshNetwork((i) => ({ ...where(), from: `127.0.${50 + net}.1`, headers: lies(i), body: body(i) }));
            await assertUsedUp({ port: ports.plain, from: `127.0.${50 + net}.77` }, since);
        });
    }

    test('a chain that appends is read from its right end', async () => {
        const chain = { port: ports.nginx, path: '/chain' };
        await assertFreshNetwork((i) => ({
            ...chain,
            from: '127.0.30.1',
            headers: { 'X-Forwarded-For': `127.0.0.1, 198.51.${i}.7, 127.0.0.1` },
        }));
    });

    test('a proxy that adds a second X-Forwarded-For beside the visitor\'s is told so', async () => {
        const adds = { port: ports.haproxyAdds, from: '127.0.31.1' };
        assert.equal((await send(adds)).status, 204);
        assert.equal((await send({ ...adds, headers: { 'X-Forwarded-For': '198.51.100.7' } })).status, 400);
    });

    test('keep-alive through send-proxy: every request of a connection is its client\'s', async () => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        const accepted = await metric('http_accepted_total');
        await assertFreshNetwork({ port: ports.version2, from: '127.0.32.1', agent });
        agent.destroy();
        assert.ok((await metric('http_accepted_total')) - accepted < BURST, 'they shared a connection');
    });

    test('health checks of HAProxy (LOCAL) pass, and no header of its was bad', async () => {
        const before = await metric('http_accepted_total');
        // One that failed would take the server out.
        await until('five checks', async () => (await metric('http_accepted_total')) >= before + 5);
        assert.equal((await send({ port: ports.checked, from: '127.0.33.1' })).status, 204);
        assert.equal(await metric('proxy_header_bad_total'), 0);
        assert.equal(await metric('proxy_untrusted_total'), 0);
    });
});

describe('the unix socket', () => {
    test('takes beacons, and believes X-Forwarded-For', async () => {
        await assertFreshNetwork({ socketPath: socket, headers: { 'X-Forwarded-For': '203.0.113.7' } });
        const other = await send({ socketPath: socket, headers: { 'X-Forwarded-For': '203.0.114.7' } });
        assert.equal(other.status, 204);
    });

    test('without X-Forwarded-For nobody is limited', async () => {
        assert.equal((await sendMany(3 * BURST, { socketPath: socket })).taken, 3 * BURST);
    });

    test('two of them, or one that is none, are 400', async () => {
        for (const value of [['203.0.113.7', '203.0.113.8'], 'unknown', '203.0.113.7, , 1'])
            assert.equal((await send({ socketPath: socket, headers: { 'X-Forwarded-For': value } })).status, 400);
    });
});

describe('those who are not trusted', () => {
    const PROXY = 'PROXY TCP4 198.51.100.7 127.0.0.1 1234 80\r\n';
    const REQUEST = `GET /b?${BEACON} HTTP/1.1\r\nHost: c\r\nOrigin: https://${SITE}\r\n\r\n`;
    const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n';

    test('a PROXY header on a plain listener is refused', async () => {
        for (const from of ['127.0.0.1', '127.0.40.1']) {
            const first = await say(ports.plain, from, PROXY + REQUEST);
            assert.match(first.answer, /^HTTP\/1\.1 501 /, 'PROXY is no method');
            assert.ok(first.closed);
            assert.equal(first.answer.match(/HTTP\/1\.1/g).length, 1, 'what follows it is not answered');
            const second = await say(ports.plain, from, `${SIGNATURE}\x21\x11\0\x0c`);
            assert.match(second.answer, /^HTTP\/1\.1 400 /);
        }
    });

    test('the PROXY listener is for trusted proxies', async () => {
        const before = await metric('proxy_untrusted_total');
        assert.deepEqual(await say(ports.proxy, '127.0.41.1', PROXY + REQUEST), { answer: '', closed: true });
        assert.equal(await metric('proxy_untrusted_total'), before + 1);
        assert.match((await say(ports.proxy, '127.0.0.1', PROXY + REQUEST)).answer, /^HTTP\/1\.1 204 /);
    });

    test('and takes nothing but the protocol', async () => {
        const before = await metric('proxy_header_bad_total');
        for (const bytes of [REQUEST, `PROXY TCP4 rubbish\r\n${REQUEST}`, `${SIGNATURE}\x11\x11\0\0${REQUEST}`])
            assert.deepEqual(await say(ports.proxy, '127.0.0.1', bytes), { answer: '', closed: true });
        assert.equal(await metric('proxy_header_bad_total'), before + 3);
    });

    test('UNKNOWN and LOCAL name nobody, and then nobody is believed', async () => {
        for (const bytes of ['PROXY UNKNOWN\r\n', `${SIGNATURE}\x20\0\0\0`]) {
            const spoofed = REQUEST.replace('\r\n\r\n', '\r\nX-Forwarded-For: rubbish\r\n\r\n');
            assert.match((await say(ports.proxy, '127.0.0.1', bytes + spoofed)).answer, /^HTTP\/1\.1 204 /);
        }
    });

    test('over the rate the answer says when, and the page may read it', async () => {
        const how = { port: ports.plain, from: '127.0.42.1' };
        await assertFreshNetwork(how);
        const answers = await Promise.all([how, how, how].map(send));
        const refused = answers.find(({ status }) => status === 429);
        assert.equal(refused.headers['retry-after'], '1');
        assert.equal(refused.headers['access-control-allow-origin'], `https://${SITE}`);
    });
});

describe('connections of one network', () => {
    // Open count connections from there and ask on each; how many were answered. They stay open until all have asked.
    async function answered(count, port, from) {
        const clients = [];
        let answers = 0;
        for (let i = 0; i < count; i++) {
            await new Promise((done) => {
                const client = connect({ host: '127.0.0.1', port, localAddress: from(i) });
                clients.push(client);
                client.once('data', () => (answers++, done()));
                client.on('error', done);
                client.on('close', done);
                client.write('GET /s.js HTTP/1.1\r\nHost: c\r\nAccept-Encoding: gzip\r\n\r\n');
            });
        }
        for (const client of clients) client.destroy();
        return answers;
    }
    const quiet = () => until('all to be closed', async () => (await metric('networks_connected')) === 0);

    test('are so many and no more, directly and through a PROXY header; when they close, others may come', async () => {
        for (const port of [ports.plain, ports.version1, ports.version2]) {
            for (let round = 0; round < 2; round++) {
                await quiet();
                assert.equal(await answered(CONNECTIONS + 3, port, (i) => `127.0.20.${i + 1}`), CONNECTIONS);
            }
        }
        await quiet();
    });

    test('networks do not share them, and a trusted proxy has no such limit', async () => {
        await quiet();
        assert.equal(await answered(30, ports.plain, (i) => `127.0.${200 + i}.1`), 30);
        assert.equal(await answered(30, ports.plain, () => '127.0.0.1'), 30);
    });
});
