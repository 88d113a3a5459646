// Start, stop, reload and another program under load: nobody who asks goes without an answer. The collector's part is
// tests/faults/reload-and-upgrade.mjs, which counts what came of every beacon; here is the aggregator's.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { KINDS, said } from '../faults/reload-and-upgrade.mjs';
import { startLoad } from '../faults/support/keepalive.mjs';
import { BUILD, freePort, run } from './support/process.mjs';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

describe('the aggregator', () => {
    const installed = `${BUILD}/bin/sporlos-aggregator`;

    async function begin() {
        const directory = await mkdtemp(join(tmpdir(), 'sporlos-upgrade-'));
        const it = { directory, port: await freePort(), opsPort: await freePort(), program: join(directory, 'sporlos-aggregator'), events: '' };
        it.count = (event) => it.events.split(`event=${event}`).length - 1;
        it.install = async () => {
            await copyFile(installed, `${it.program}.new`);
            await rename(`${it.program}.new`, it.program);
        };
        it.configure = (more = '') =>
            writeFile(
                join(directory, 'sporlos.yaml'),
                `aggregator:\n  listen: ["127.0.0.1:${it.port}"]\n  ops_listen: ["127.0.0.1:${it.opsPort}"]\n` +
                    `  archive: "sqlite://${directory}/archive.db"\nredis: {url: "unix://${directory}/none.sock"}\n` +
                    `sites:\n  upgrade.example: {mode: standard, embed: ["https://upgrade.example"]}\n${more}`,
            );
        await it.configure();
        await it.install();
        it.parent = spawn(`${BUILD}/bin/socket_parent`, [
            `127.0.0.1:${it.port}`,
            `127.0.0.1:${it.opsPort}`,
            '--',
            it.program,
            '--config',
            join(directory, 'sporlos.yaml'),
        ]);
        it.ended = new Promise((done) => it.parent.once('exit', (code, signal) => done(signal ?? code)));
        it.ended.then((why) => (it.died = why));
        it.parent.stdout.on('data', (text) => (it.pid = Number(/child (\d+)\n$/.exec(text)?.[1] ?? it.pid)));
        it.parent.stderr.on('data', (text) => (it.events += text));
        await said(it, 'started', 1);
        return it;
    }

    test('answers every request while it is reloaded, replaced and restarted', async () => {
        const it = await begin();
        // One page that the loop writes, and one that is asked of the archive on a thread.
        let turn = 0;
        const request = () => [`GET ${turn++ % 2 ? '/login' : '/embed/upgrade.example'} HTTP/1.1\r\nHost: c\r\n\r\n`];
        const load = startLoad({ targets: [{ host: '127.0.0.1', port: it.port }], request, expected: 200, kinds: KINDS });
        await wait(300);
        for (let i = 0; i < 2; i++) {
            await it.configure(`  upgrade${i}.example: {mode: strict}\n`);
            process.kill(it.pid, 'SIGHUP');
            await said(it, 'reloaded', i + 1);
            await it.install();
            process.kill(it.pid, 'SIGUSR2');
            await said(it, 'started', 3 * i + 2);
            await wait(200);
            process.kill(it.pid, 'SIGUSR2');
            await said(it, 'started', 3 * i + 3);
            await rm(it.program);
            process.kill(it.pid, 'SIGUSR2');
            await said(it, 'upgrade_refused', i + 1);
            await it.install();
            process.kill(it.pid, 'SIGTERM');
            await said(it, 'started', 3 * i + 4);
        }
        const counts = await load.stop();
        it.parent.kill('SIGTERM');
        assert.equal(await it.ended, 0, it.events);
        await rm(it.directory, { recursive: true });
        assert.equal(counts.failed, 0, JSON.stringify([...counts.why]));
        assert.ok(counts.answered > 300, `${counts.answered} answers are not a load`);
    });

    test('answers the others when those who asked have left, whatever comes between', async () => {
        const it = await begin();
        // Asked of the archive on a thread; whoever asked hangs up without waiting.
        const askAndLeave = () =>
            new Promise((gone) => {
                const socket = connect(it.port, '127.0.0.1', () => socket.write('GET /embed/upgrade.example HTTP/1.1\r\nHost: c\r\n\r\n', () => socket.destroy()));
                socket.on('error', () => {}).on('close', gone);
            });
        for (const [signal, event] of [[null], ['SIGHUP', 'reloaded'], ['SIGUSR2', 'started'], [null]]) {
            const left = Array.from({ length: 40 }, askAndLeave);
            const count = event && it.count(event);
            if (signal) process.kill(it.pid, signal);
            await Promise.all(left);
            if (event) await said(it, event, count + 1);
            const answer = await fetch(`http://127.0.0.1:${it.port}/embed/upgrade.example`);
            assert.equal(answer.status, 200);
            assert.match(await answer.text(), /<\/html>$/);
        }
        it.parent.kill('SIGTERM');
        assert.equal(await it.ended, 0, it.events);
        await rm(it.directory, { recursive: true });
    });

    test('does not start with a socket that nothing is configured for', async () => {
        const directory = await mkdtemp(join(tmpdir(), 'sporlos-upgrade-'));
        const [port, opsPort, stray] = [await freePort(), await freePort(), await freePort()];
        await writeFile(
            join(directory, 'sporlos.yaml'),
            `aggregator:\n  listen: ["127.0.0.1:${port}"]\n  ops_listen: ["127.0.0.1:${opsPort}"]\n` +
                `  archive: "sqlite://${directory}/archive.db"\nredis: {url: "unix://${directory}/none.sock"}\n` +
                `sites:\n  upgrade.example: {mode: standard}\n`,
        );
        const start = run(`${BUILD}/bin/socket_parent`, [`127.0.0.1:${stray}`, '--', installed, '--config', join(directory, 'sporlos.yaml')]);
        await assert.rejects(start, new RegExp(`a socket for 127.0.0.1:${stray} was handed over, but aggregator.listen`));
        await rm(directory, { recursive: true });
    });
});
