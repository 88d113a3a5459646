// The demonstration sites as deploy/demo serves them: a real nginx with the real policy headers.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, ROOT, start, until } from './process.mjs';

const DEMO = `${ROOT}/deploy/demo`;
export const STANDARD = 'parorendesenteret.example';
export const CHILDREN = 'ungepårørende.example';
export const CHILDREN_ASCII = new URL(`http://${CHILDREN}`).hostname;

// collector: the origin that the pages load the tracker from. Ends with stop().
export async function startSites(collector) {
    const prefix = await mkdtemp(join(tmpdir(), 'sporlos-sites-'));
    const [site, children] = [await freePort(), await freePort()];
    const values = {
        COLLECTOR: collector,
        SITE_LISTEN: `127.0.0.1:${site}`,
        CHILDREN_LISTEN: `127.0.0.1:${children}`,
        DEMO,
    };
    const template = await readFile(`${DEMO}/nginx.conf.in`, 'utf8');
    await writeFile(`${prefix}/nginx.conf`, template.replace(/@([A-Z_]+)@/g, (marker, name) => values[name] ?? marker));
    const nginx = start('nginx', ['-e', '/dev/null', '-p', prefix, '-c', `${prefix}/nginx.conf`], {
        env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
    const answers = async () => (await fetch(`http://127.0.0.1:${site}/`).catch(() => ({}))).ok;
    await Promise.race([
        until('nginx to answer', answers),
        nginx.ended.then((why) => {
            throw new Error(why);
        }),
    ]);
    return {
        standard: `http://${STANDARD}:${site}`,
        children: `http://${CHILDREN_ASCII}:${children}`,
        async stop() {
            await nginx.stop();
            await rm(prefix, { recursive: true });
        },
    };
}
