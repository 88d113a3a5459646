// A small tmpfs in a mount namespace of its own, and how to fill it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRoot } from './host.mjs';

// Why it cannot be done here; nothing when it can.
export function cannotMount() {
    if (!isRoot) return 'mounting a tmpfs needs root';
    return spawnSync('unshare', ['--mount', 'true']).status === 0 ? undefined : 'no mount namespace can be made here';
}

// A process that keeps a mount namespace with a tmpfs of that many bytes at `folder`. path: a file of it, seen from outside;
// inside: words before a command that is to see it. Ends with end().
export async function holdTmpfs(folder, bytes) {
    await mkdir(folder, { recursive: true });
    const script = `mount -t tmpfs -o size=${bytes},mode=700 sporlos "$1" && echo mounted && exec sleep 3600`;
    const holder = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((done, failed) => {
        holder.stdout.once('data', done);
        holder.once('exit', () => failed(new Error('no tmpfs could be mounted')));
    });
    const path = (name) => `/proc/${holder.pid}/root${join(folder, name)}`;
    return {
        path,
        inside: ['nsenter', `--mount=/proc/${holder.pid}/ns/mnt`],
        // Take so many bytes of it, or all that is left.
        take: (bytes) => writeFile(path('filler'), Buffer.alloc(bytes)),
        fill: () => spawnSync('dd', ['if=/dev/zero', `of=${path('filler')}`, 'bs=4096'], { stdio: 'ignore' }),
        // Give that many bytes back of what was taken; without a number all of it.
        giveBack: async (bytes) => truncate(path('filler'), bytes === undefined ? 0 : Math.max(0, (await stat(path('filler'))).size - bytes)),
        end: () => holder.kill('SIGKILL'),
    };
}
