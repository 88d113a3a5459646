// A program of a stack that ends at a given step: SIGKILL instead of its n-th call of the kernel, by strace.
import { spawn, spawnSync } from 'node:child_process';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { until } from '../../e2e/support/process.mjs';

// Why it cannot be done here; nothing when it can.
export function cannotStep() {
    const probe = spawnSync('strace', ['-D', '-f', '-qq', '-o', '/dev/null', '-e', 'inject=write:signal=SIGKILL:when=1', 'sh', '-c', 'echo'], { encoding: 'utf8' });
    if (probe.error) return 'strace is missing';
    return probe.signal === 'SIGKILL' || probe.status === 137 ? undefined : `strace cannot follow a program here (${probe.stderr.trim().split('\n')[0]})`;
}

// From now on `start` runs it under strace, which writes its calls of these kinds to DIR/NAME.trace, and with `at` ends it
// at the call of that number (each thread counts its own), of the kinds in `counted`. at: undefined, to see them all; null: without strace again.
export async function stepper(stack, name, calls) {
    const script = `${stack.directory}/start-${name}`;
    const plain = await readFile(script, 'utf8');
    const trace = `${stack.directory}/${name}.trace`;
    const write = async (text) => {
        await writeFile(script, text);
        await chmod(script, 0o755);
    };
    return {
        trace: () => readFile(trace, 'utf8').catch(() => ''),
        set: (at, counted = calls) => {
            if (at === null) return write(plain);
            const inject = at === undefined ? '' : ` -e inject=${counted}:signal=SIGKILL:when=${at}`;
            return write(plain.replace('exec ', `exec strace -D -f -qq -s 120 -o '${trace}' -e trace=${calls} -e signal=none${inject} `));
        },
    };
}

// Why it cannot be done here to a program that runs already: ours let themselves be looked at by root alone.
export const cannotAttach = () => cannotStep() ?? (process.getuid?.() === 0 ? undefined : 'only root can follow a program that runs');

const tracer = async (pid, thread) => /^TracerPid:\s+(\d+)$/m.exec(await readFile(`/proc/${pid}/task/${thread}/status`, 'utf8'))?.[1];

// strace a program that runs, from the next call on, counted from there; as stepper() otherwise. It stands still while
// meanwhile() is under way, so that nothing is counted that it does before. Ends with the program, or with detach().
export async function attach(pid, { trace, calls, at, counted = calls, meanwhile }) {
    const inject = at === undefined ? [] : ['-e', `inject=${counted}:signal=SIGKILL:when=${at}`];
    process.kill(pid, 'SIGSTOP');
    const strace = spawn('strace', ['-f', '-qq', '-s', '120', '-o', trace, '-e', `trace=${calls}`, '-e', 'signal=none', ...inject, '-p', String(pid)], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    strace.stderr.on('data', (text) => (said += text));
    const over = new Promise((done) => strace.once('close', done));
    const followed = async () => {
        if (strace.exitCode !== null) throw new Error(`strace ended with ${strace.exitCode}: ${said}`);
        const tracers = await Promise.all((await readdir(`/proc/${pid}/task`)).map((thread) => tracer(pid, thread)));
        return tracers.every((id) => id === String(strace.pid));
    };
    await until('strace to follow', followed, { timeoutMs: 10_000, everyMs: 2 });
    await meanwhile?.();
    process.kill(pid, 'SIGCONT');
    return {
        detach: async () => {
            strace.kill('SIGTERM');
            await over;
        },
    };
}

// Has it ended? (stack's own file: its exit status)
export const ended = (stack, name) => readFile(`${stack.directory}/${name}.status`, 'utf8').then((text) => text.trim().length > 0, () => false);

// Start it, whether it becomes ready or ends before that.
export async function startAnyway(stack, name) {
    const error = await stack.order('start', name).then(() => undefined, (failure) => failure);
    if (error && !(await ended(stack, name))) throw error;
}

// It ends by itself within that time, killed; false when it lives.
export async function killed(stack, name, timeoutMs) {
    const over = await until('', () => ended(stack, name), { timeoutMs, everyMs: 10 }).catch(() => false);
    if (!over) return false;
    const status = (await readFile(`${stack.directory}/${name}.status`, 'utf8')).trim();
    if (status !== '137') throw new Error(`${name} ended with ${status}, not killed`);
    await stack.order('stop', name); // so that the stack knows of it
    return true;
}
