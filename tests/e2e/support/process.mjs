// Programs that a test starts, and ends by their id.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { resolve } from 'node:path';

export const ROOT = new URL('../../../', import.meta.url).pathname.replace(/\/$/, '');
export const BUILD = resolve(ROOT, process.env.BUILD_DIR || 'build');

// A port that was free a moment ago.
export async function freePort() {
    const server = createServer();
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address();
    await new Promise((done) => server.close(done));
    return port;
}

// Start a program that stays. stop() ends it and waits; it fails the test if the program had ended by itself.
export function start(command, args, options = {}) {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], ...options });
    let errors = '';
    child.stderr.on('data', (text) => (errors += text));
    const ended = new Promise((done) => {
        child.on('error', (error) => done(error.message));
        child.on('exit', (code, signal) => done(`${command} ended: ${signal ?? code}\n${errors}`));
    });
    return {
        ended,
        async stop() {
            const early = child.exitCode !== null;
            child.kill('SIGTERM');
            const why = await ended;
            if (early) throw new Error(why);
        },
    };
}

// Run a program to its end; its output, or an error with it.
export function run(command, args, options = {}) {
    return new Promise((resolve, reject) => {
        const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
        let output = '';
        let errors = '';
        child.stdout.on('data', (text) => (output += text));
        child.stderr.on('data', (text) => (errors += text));
        child.on('error', reject);
        child.on('close', (code) =>
            code === 0 ? resolve(output) : reject(new Error(`${command} ${args.join(' ')}: ${code}\n${errors}${output}`)),
        );
    });
}

// Ask until the answer is true, at most so long; then fail with what was waited for.
export async function until(what, ask, { timeoutMs = 10_000, everyMs = 50 } = {}) {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
        const answer = await ask();
        if (answer) return answer;
        if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
        await new Promise((done) => setTimeout(done, everyMs));
    }
}
