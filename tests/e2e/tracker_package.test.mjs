// The npm package: what would be published, its types, and that it works in a page and on a server.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launchBrowser, newReader } from './support/browser.mjs';
import { ROOT, run } from './support/process.mjs';
import { isNoEnd, startRecorder } from './support/recorder.mjs';

const FOLDER = `${ROOT}/collector/tracker/package`;

describe('what would be published', () => {
    test('is the wrapper, its types and the readme, in the version of the programs', async () => {
        const [pack] = JSON.parse(await run('npm', ['pack', '--dry-run', '--json', '--offline'], { cwd: FOLDER }));
        assert.deepEqual(pack.files.map(({ path }) => path).sort(), ['README.md', 'index.d.ts', 'index.js', 'package.json']);
        const [, version] = (await readFile(`${ROOT}/CMakeLists.txt`, 'utf8')).match(/project\(sporlos VERSION ([\d.]+)/);
        assert.equal(pack.version, version);
    });

    test('its types say what it takes, and refuse what it does not', async () => {
        const folder = await mkdtemp(join(tmpdir(), 'sporlos-types-'));
        const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
        const right = `load({ collector: 'https://t.example', site: 'a', tags: ['x'], search: ['q'], manual: true, hash: true, restricted: false, path: '/s-0.js', integrity: 'sha384-x', nonce: 'n' });
            event('a'); search('b', { empty: true }); view(); view('/c'); missing(); sporlos('download', '/x.pdf'); window.sporlos?.('view');`;
        // A line that is fine after all is an error here.
        const wrong = ['load({})', 'event()', "search('x', { none: 1 })", "sporlos('identify', 'me')", "load({ collector: 'x', user: 'me' })"].map((line) => `// @ts-expect-error\n${line};\n`);
        try {
            await writeFile(join(folder, 'use.ts'), `import { event, load, missing, search, sporlos, view } from '${FOLDER}/index.js';\n${right}\n${wrong.join('')}`);
            await run(process.execPath, [tsc, '--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom', '--typeRoots', folder, join(folder, 'use.ts')]);
        } finally {
            await rm(folder, { recursive: true });
        }
    });

    test('on a server it does nothing', async () => {
        const { event, load, view } = await import(`${FOLDER}/index.js`);
        for (const act of [() => load({ collector: 'https://t.example' }), () => event('x'), () => view()]) assert.equal(act(), undefined);
    });
});

describe('in a page', () => {
    let recorder, browser;
    before(async () => {
        const module = (text) => `<!doctype html><html lang="nb"><title>x</title><link rel="icon" href="data:,"><script type="module">import { load, event, search, view } from '/index.mjs';\n${text}</script>`;
        recorder = await startRecorder({
            '/index.mjs': { text: await readFile(`${FOLDER}/index.js`, 'utf8'), headers: { 'Content-Type': 'text/javascript' } },
            '/full': module(`event('først'); load({ collector: location.origin, site: 'a.example', tags: ['sorg', 'tap'], search: ['q'] }); load({ collector: location.origin }); search('x');`),
            '/restricted': module(`load({ collector: location.origin, site: 'a.example', restricted: true, tags: ['sorg'] }); event('x'); view('/y');`),
        });
        browser = await launchBrowser();
    });
    after(async () => {
        await browser?.close();
        await recorder?.stop();
    });

    for (const [path, expected] of [
        ['/full?q=y', ['s=a.example&u=%2Ffull&n=1&g=sorg%2Ctap', 's=a.example&t=search&q=y', 's=a.example&t=event&v=f%C3%B8rst', 's=a.example&t=search&q=x']],
        ['/restricted?q=y', ['s=a.example&u=%2Frestricted&n=1']],
    ]) {
        test(`${path}: loaded once, and what was called before is sent`, async () => {
            recorder.clear();
            const reader = await newReader(browser);
            const page = await reader.newPage();
            await page.goto(`${recorder.url}${path}`);
            // In whichever order they arrive.
            assert.deepEqual((await recorder.settled(expected.length, isNoEnd)).sort(), expected.sort());
            assert.deepEqual(reader.noticed, []);
            await reader.close();
        });
    }
});
