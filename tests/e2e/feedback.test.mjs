// The question to readers: the element in Chromium against a recorder, with keyboard and axe; then the form without script
// against the real collector.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { chromiumOnly, launchBrowser, storageOf } from './support/browser.mjs';
import { BUILD, run, until } from './support/process.mjs';
import { readerOfEachTest } from './support/reader.mjs';
import { startRecorder } from './support/recorder.mjs';
import { startStack } from './support/stack.mjs';
import { beaconsOf } from './support/store.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const STRICT = { 'Content-Security-Policy': "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src data:" };
const document_ = (lang, element, { head = '', headers = {} } = {}) => ({
    text: `<!doctype html><html lang="${lang}"><head><title>Sorg</title><meta name="viewport" content="width=device-width">${head}<link rel="icon" href="data:,">
        <script defer src="/feedback.js" data-site="a.example"></script></head><body><main><h1>Sorg</h1>${element}</main></body></html>`,
    headers,
});
const ASK = '<sporlos-feedback data-why></sporlos-feedback>';
const OWN = `<sporlos-feedback data-thanks="Fint!" data-path="/skjema">
    <fieldset><legend>Var skjemaet lett å fylle ut?</legend><button value="lett">Ja</button><button value="vanskelig">Nei</button></fieldset>
    <fieldset data-after="vanskelig" hidden><legend>Hva var vanskelig?</legend><button value="sprak">Språket</button><button value="lengde">Lengden</button></fieldset>
    </sporlos-feedback>`;
const LOOKS = `<style>html{color-scheme:light dark;font:20px Georgia} body{margin:1rem;background:#fff;color:#222} @media(prefers-color-scheme:dark){body{background:#111;color:#eee}}</style>`;
const PAGES = {
    '/nb': document_('nb', ASK, { head: LOOKS }),
    '/nn': document_('nn-NO', ASK, { head: LOOKS }),
    '/en': document_('en', ASK, { head: LOOKS }),
    '/pl': document_('pl', ASK),
    '/section': document_('nb', `<section lang="en">${ASK}</section>`),
    '/strict': document_('nb', ASK, { headers: STRICT }),
    '/plain': document_('nb', '<sporlos-feedback></sporlos-feedback>'),
    '/own': document_('nb', OWN),
    '/styled': document_('nb', ASK, { head: '<style>button{color:rgb(1,2,3);min-height:60px}</style>' }),
};

let browser, recorder, reader, page;

before(async () => {
    recorder = await startRecorder(PAGES);
    browser = await launchBrowser();
});

after(async () => {
    await browser?.close();
    await recorder?.stop();
});

const become = readerOfEachTest({
    browser: () => browser,
    left: () => {
        recorder.clear();
        recorder.status = 204;
    },
    made: async (one) => {
        reader = one;
        page = await reader.newPage();
    },
});

const open = (path) => page.goto(`${recorder.url}${path}`);
const button = (name) => page.getByRole('button', { name, exact: true });
const group = (name) => page.getByRole('group', { name, exact: true });
const says = (text) => until(`'${text}'`, async () => (await page.getByRole('status').textContent()) === text);
const answer = (path, name) => `s=a.example&t=feedback&u=${encodeURIComponent(path)}&f=${name}`;

async function assertAccessible(what) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`), [], what);
}

describe('the element', () => {
    for (const [path, question, no, why, reason, thanks] of [
        ['/nb', 'Fant du det du lette etter?', 'Nei', 'Hva var galt?', 'Det var feil eller gammelt', 'Takk for svaret!'],
        ['/nn', 'Fann du det du leita etter?', 'Nei', 'Kva var gale?', 'Det var feil eller gammalt', 'Takk for svaret!'],
        ['/en', 'Did you find what you were looking for?', 'No', 'What was wrong?', 'It was wrong or out of date', 'Thank you for your answer!'],
        ['/pl', 'Fant du det du lette etter?', 'Nei', 'Hva var galt?', 'Det var feil eller gammelt', 'Takk for svaret!'],
        ['/section', 'Did you find what you were looking for?', 'No', 'What was wrong?', 'It was wrong or out of date', 'Thank you for your answer!'],
        ['/strict', 'Fant du det du lette etter?', 'Nei', 'Hva var galt?', 'Det var feil eller gammelt', 'Takk for svaret!'],
    ]) {
        test(`${path}: no, then why, each told at once and alone`, async () => {
            await open(path);
            await group(question).waitFor();
            await button(no).click();
            await group(why).waitFor();
            assert.deepEqual(await recorder.settled(1), [answer(path, 'nei')]);
            await button(reason).click();
            await says(thanks);
            assert.deepEqual(await recorder.settled(2), [answer(path, 'nei'), answer(path, 'utdatert')]);
            assert.equal(await page.getByRole('button').count(), 0);
            for (const [kind, items] of Object.entries(await storageOf(page))) assert.deepEqual(items, [], kind);
            for (const { headers } of recorder.requests) assert.deepEqual([headers.referer, headers.cookie], [`${recorder.url}/`, undefined]);
        });
    }

    test('yes is one answer', async () => {
        await open('/nb');
        await button('Ja').click();
        await says('Takk for svaret!');
        assert.deepEqual(await recorder.settled(1), [answer('/nb', 'ja')]);
    });

    test('without data-why a no is the last word: the others may be none of the site’s answers', async () => {
        await open('/plain');
        await button('Nei').click();
        await says('Takk for svaret!');
        assert.deepEqual(await recorder.settled(1), [answer('/plain', 'nei')]);
    });

    test("the page's own question and answers are asked in its words", async () => {
        await open('/own');
        await group('Hva var vanskelig?').waitFor({ state: 'hidden' });
        await button('Nei').click();
        await group('Hva var vanskelig?').waitFor();
        await button('Språket').click();
        await says('Fint!');
        assert.deepEqual(await recorder.settled(2), [answer('/skjema', 'vanskelig'), answer('/skjema', 'sprak')]);
    });

    test('by keyboard alone, with the focus where the reader is', async () => {
        await open('/nb');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Nei');
        await page.keyboard.press('Enter');
        assert.equal(await page.evaluate(() => document.activeElement.querySelector('legend').textContent), 'Hva var galt?');
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Jeg fant det ikke');
        await page.keyboard.press('Space');
        await says('Takk for svaret!');
        assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'status');
        assert.deepEqual(await recorder.settled(2), [answer('/nb', 'nei'), answer('/nb', 'fant-ikke')]);
    });

    for (const colorScheme of ['light', 'dark']) {
        for (const width of [1200, 390]) {
            test(`axe finds nothing: ${colorScheme}, ${width} px, at each step`, async () => {
                await become({ colorScheme, viewport: { width, height: 700 } });
                await open('/nb');
                await assertAccessible('asked');
                await button('Nei').click();
                await assertAccessible('asked why');
                await button('Noe annet').click();
                await says('Takk for svaret!');
                await assertAccessible('answered');
            });
        }
    }

    test("looks like the page: its colour, its font, large enough to hit; the page's own rules go first", chromiumOnly('it is told of another colour scheme'), async () => {
        await become({ colorScheme: 'dark' });
        await open('/nb');
        const look = () => button('Ja').evaluate((element) => {
            const { color, fontFamily, fontSize, minHeight } = getComputedStyle(element);
            return { color, fontFamily, fontSize, minHeight, height: element.getBoundingClientRect().height };
        });
        const { height, ...seen } = await look();
        assert.deepEqual(seen, { color: 'rgb(238, 238, 238)', fontFamily: 'Georgia', fontSize: '20px', minHeight: '44px' });
        assert.ok(height >= 44);
        await open('/styled');
        const styled = await look();
        assert.deepEqual([styled.color, styled.minHeight], ['rgb(1, 2, 3)', '60px']);
    });

    test('an answer that was not taken is not said to be', async () => {
        recorder.status = 400;
        await open('/nb');
        await button('Ja').click();
        await says('Svaret kom dessverre ikke frem.');
        reader.noticed = reader.noticed.filter((text) => !/^console: Failed to load resource: the server responded with a status of 400/.test(text));
    });

    test('offline: the same', async () => {
        await open('/nb');
        await reader.setOffline(true);
        await button('Ja').click();
        await says('Svaret kom dessverre ikke frem.');
        reader.noticed = reader.noticed.filter((text) => !/^console: Failed to load resource: net::/.test(text));
    });

    for (const [name, prepare] of [
        ['Global Privacy Control', () => Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })],
        ['the choice on the opt-out page', () => location.host && (localStorage.sporlos = 'av')],
    ]) {
        test(`who declines is not asked: ${name}`, async () => {
            await become({}, prepare);
            await open('/nb');
            await page.waitForFunction(() => document.querySelector('sporlos-feedback fieldset'));
            assert.equal(await page.locator('sporlos-feedback').isVisible(), false);
            assert.deepEqual(await recorder.settled(0), []);
        });
    }

    test('another page of the same document is asked about anew', async () => {
        await open('/nb');
        await button('Ja').click();
        await says('Takk for svaret!');
        await page.evaluate(() => history.pushState(null, '', '/neste'));
        await button('Nei').click();
        await button('Noe annet').click();
        await says('Takk for svaret!');
        assert.deepEqual(await recorder.settled(3), [answer('/nb', 'ja'), answer('/neste', 'nei'), answer('/neste', 'annet-galt')]);
    });
});

describe('without script, and with the real collector', () => {
    const config = `
sites:
  localhost:
    mode: standard
    hosts: [localhost]
    feedback: {ja: Ja, nei: Nei, fant-ikke: Jeg fant det ikke}
  127.0.0.1.example:
    mode: restricted
    hosts: [127.0.0.1]
    pages: ["/"]
`;
    let stack, site, markup;

    before(async () => {
        stack = await startStack({ config });
        // What --print-snippet prints, put into a page as it is.
        const snippet = await run(`${BUILD}/bin/sporlos-collector`, ['--config', `${stack.directory}/sporlos.yaml`, '--print-snippet', 'localhost']);
        markup = snippet.replaceAll('https://COLLECTOR', stack.COLLECTOR_URL).replaceAll('/THIS/PAGE', '/sorg');
        site = createServer((request, response) => {
            response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
            response.end(`<!doctype html><html lang="nb"><head><title>Sorg</title><link rel="icon" href="data:,"></head><body><main><h1>Sorg</h1>${markup}</main></body></html>`);
        });
        await new Promise((done) => site.listen(0, '127.0.0.1', done));
    });

    after(async () => {
        await new Promise((done) => (site.closeAllConnections(), site.close(done)));
        await stack?.stop();
    });

    const verdicts = () => beaconsOf(stack.METRICS_URL);
    const url = (host) => `http://${host}:${site.address().port}/sorg`;

    test('the form: an answer, a page that says thank you in the reader’s language, and the way back', chromiumOnly('it can be driven without script'), async () => {
        for (const [locale, title, back] of [['nb-NO', 'Takk for svaret!', 'Tilbake til'], ['en-GB', 'Thank you for your answer!', 'Back to']]) {
            await become({ javaScriptEnabled: false, locale });
            const start = await verdicts();
            await page.goto(url('localhost'));
            await button('Nei').click();
            await page.getByRole('heading', { name: title }).waitFor();
            const now = await verdicts();
            assert.deepEqual([now.accepted - start.accepted, now.malformed - start.malformed], [2, 0], 'the pixel and the answer');
            assert.equal(await page.getByRole('link').getAttribute('href'), `http://localhost:${site.address().port}/`);
            assert.match(await page.getByRole('link').textContent(), new RegExp(`^${back} localhost`));
            await page.getByRole('link').click();
            await page.getByRole('heading', { name: 'Sorg' }).waitFor();
        }
    });

    test('with script the same markup becomes the element', async () => {
        const start = await verdicts();
        await page.goto(url('localhost'));
        await button('Nei').click();
        await button('Jeg fant det ikke').click();
        await says('Takk for svaret!');
        await until('the view and two answers', async () => (await verdicts()).accepted - start.accepted === 3);
    });

    test('a restricted site has no answers, from either', async () => {
        const start = await verdicts();
        const status = (headers, more = '') => fetch(`${stack.COLLECTOR_URL}/b`, { method: 'POST', headers: { Origin: 'http://127.0.0.1', 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', ...headers }, body: new URLSearchParams(`s=127.0.0.1.example&t=feedback&u=/&f=ja${more}`) });
        assert.equal((await status({})).status, 400);
        const page_ = await status({ Accept: 'text/html,*/*;q=0.8', 'Accept-Language': 'nn' });
        assert.equal(page_.status, 400);
        assert.match(await page_.text(), /Svaret kom diverre ikkje fram/);
        assert.equal((await verdicts()).malformed - start.malformed, 2);
    });

    test('the page runs nothing, loads nothing, is not kept, and repeats nothing that was sent', async () => {
        const answered = await fetch(`${stack.COLLECTOR_URL}/b`, {
            method: 'POST',
            headers: { Accept: 'text/html', Origin: 'https://"><script>alert(1)</script>', Referer: 'https://x/<b>' },
            body: new URLSearchParams('s=localhost&t=feedback&u=/<script>alert(1)</script>&f=<b>x'),
        });
        const text = await answered.text();
        assert.equal(answered.status, 403);
        assert.ok(!/alert|<script|<b>|<a /.test(text), text);
        assert.match(answered.headers.get('content-security-policy'), /default-src 'none'; style-src 'sha384-/);
        assert.equal(answered.headers.get('cache-control'), 'no-store');
        assert.equal(answered.headers.get('referrer-policy'), 'no-referrer');
        assert.equal(answered.headers.get('set-cookie'), null);
    });
});
