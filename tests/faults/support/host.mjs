// What a fault does to a stack's programs from the machine's side, and what the kernel says of them.
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { run } from '../../e2e/support/process.mjs';

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export const isRoot = process.getuid?.() === 0;

// The process id of 'collector', 'aggregator' or 'redis'.
export async function pidOf(stack, name = 'collector') {
    return Number((await readFile(join(stack.directory, `${name}.pid`), 'utf8')).split(' ')[0]);
}

// Bytes of memory that are resident now; peak: that ever were.
export async function residentOf(pid, { peak = false } = {}) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return 1024 * Number(new RegExp(`^Vm${peak ? 'HWM' : 'RSS'}:\\s+(\\d+) kB`, 'm').exec(status)[1]);
}

// Let the kernel forget the peak that was.
export const forgetPeak = (pid) => writeFile(`/proc/${pid}/clear_refs`, '5');

// Milliseconds of processor time that a process has used; the kernel counts in hundredths of a second.
export async function processorMs(pid) {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
}

export const logOf = (stack, name = 'collector') => readFile(join(stack.directory, `${name}.log`), 'utf8');

// How often an event stands in the log.
export async function logged(stack, event, name = 'collector') {
    return (await logOf(stack, name)).split('\n').filter((line) => line.split(/\s+/).includes(event)).length;
}

// Change how a program is started from now on: words before its command line, of a shell.
export async function startBehind(stack, name, words) {
    const path = join(stack.directory, `start-${name}`);
    const script = await readFile(path, 'utf8');
    await writeFile(path, script.replace(/^exec /m, `${words} `));
    await chmod(path, 0o755);
    return () => writeFile(path, script); // as it was
}

// Change one line of the stack's configuration, for the next start or reload.
export async function setOption(stack, pattern, line) {
    const text = await readFile(stack.CONFIG, 'utf8');
    const changed = text.replace(pattern, line);
    if (changed === text) throw new Error(`no option ${pattern}`);
    await writeFile(stack.CONFIG, changed);
}

// A connection that keeps what came in text, and when it ended in endedMs (performance.now()).
export function open(url) {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    socket.text = '';
    socket.begunMs = performance.now();
    socket.on('data', (piece) => (socket.text += piece.toString('latin1')));
    socket.on('error', () => {});
    socket.ended = new Promise((done) =>
        socket.on('close', () => {
            socket.endedMs = performance.now();
            done();
        }),
    );
    socket.connected = new Promise((done) => {
        socket.once('connect', () => done(true));
        socket.once('close', () => done(false));
    });
    return socket;
}

// Let Redis forget a site that nobody has visited yet, and with it the collector that `up` started: it will not come back.
export async function forgetSite(stack, site) {
    const keys = (await run('redis-cli', ['-s', stack.REDIS_SOCKET, 'KEYS', `sp1:{${site}}:*`])).split('\n');
    const counted = keys.filter((key) => key !== '' && !key.endsWith(':declaration')); // what is in force is no count
    if (counted.length > 0) await run('redis-cli', ['-s', stack.REDIS_SOCKET, 'DEL', ...counted]);
}
