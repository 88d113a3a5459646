// Redis is there, accepts connections and answers nothing: its process is stopped.
import { readFile } from 'node:fs/promises';
import { outage } from './support/outage.mjs';

async function signal(stack, name) {
    const [pid] = (await readFile(`${stack.directory}/redis.pid`, 'utf8')).split(' ');
    process.kill(Number(pid), name);
}

export function run({ long }) {
    return outage({
        seconds: long ? 60 : 5,
        timeoutMs: 2000,
        begin: (stack) => signal(stack, 'SIGSTOP'),
        end: (stack) => signal(stack, 'SIGCONT'),
    });
}
