// A private Sporløs for one test: tests/support/stack, whose head says what it starts.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, run } from './process.mjs';

const STACK = `${ROOT}/tests/support/stack`;

// config: YAML as `stack up --config` takes it; prepare(directory): what is to be there before it starts; build: the folder whose bin/ is run; collectorRedis: as --collector-redis. Ends with
// stop(), which fails if a program had died.
export async function startStack({ config, clock = false, build = undefined, collectorRedis = undefined, prepare = undefined }) {
    const environment = build ? { ...process.env, BUILD_DIR: build } : process.env;
    const order = (...words) => run(STACK, words, { env: environment });
    const directory = await mkdtemp(join(tmpdir(), 'sporlos-stack-'));
    await writeFile(join(directory, 'test.yaml'), config);
    await prepare?.(directory);
    const options = [...(clock ? ['--clock'] : []), ...(collectorRedis ? ['--collector-redis', collectorRedis] : [])];
    await order('up', directory, '--config', join(directory, 'test.yaml'), ...options);
    return {
        directory,
        ...shellVariables(await readFile(join(directory, 'env'), 'utf8')),
        // The stack's clock jumps to this instant and runs on from there. Only ever forward: it is a clock.
        moveClock(instant) {
            const seconds = Math.ceil((instant.getTime() - Date.now()) / 1000);
            return run(STACK, ['clock', directory, `+${seconds}`]);
        },
        // order('stop' | 'start' | 'restart', 'collector' | 'aggregator' | 'redis').
        order: (command, ...words) => run(STACK, [command, directory, ...words]),
        async stop() {
            await run(STACK, ['down', directory]);
            await rm(directory, { recursive: true });
        },
    };
}

// NAME='value' lines, quoted as a shell reads them.
export function shellVariables(text) {
    const variables = {};
    for (const [, name, value] of text.matchAll(/^([A-Z_]+)=(.*)$/gm)) {
        variables[name] = value.replace(/'([^']*)'|\\(.)|"([^"]*)"/g, (all, single, escaped, double) => single ?? escaped ?? double);
    }
    return variables;
}
