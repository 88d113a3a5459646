// Small C programs beside a test: what node would be too slow for, or would measure itself with.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const compilerMissing = () => (spawnSync('cc', ['--version']).error ? 'there is no C compiler here' : undefined);

// The program built from support/NAME.c into folder; its path.
export function compile(name, folder) {
    const program = join(folder, name);
    const source = new URL(`${name}.c`, import.meta.url).pathname;
    const built = spawnSync('cc', ['-O2', '-Wall', '-Wextra', '-o', program, source], { encoding: 'utf8' });
    if (built.status !== 0) throw new Error(`${name}.c: ${built.stderr ?? built.error}`);
    return program;
}
