// The build for restricted sites can send a site, a path, whether it is an entry, or that its reader declines: read in the
// script as it is served, and tried in Chromium with everything that makes the other build talk.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchBrowser, newReader } from './support/browser.mjs';
import { startRecorder } from './support/recorder.mjs';

const EVERYTHING = `<!doctype html><html lang="nb"><head><title>Alt</title>
    <meta name="keywords" content="sorg"><meta name="sporlos" content="404">
    <script>window.sporlos=window.sporlos||function(){(sporlos.q=sporlos.q||[]).push(arguments)}; sporlos('event', 'hemmelig'); sporlos('search', 'hemmelig')</script>
    <script defer src="/s-restricted.js" data-site="UngePårørende.Example" data-tags="hemmelig" data-search="q" data-missing data-hash data-manual></script>
    </head><body style="height:5000px" data-missing><a id="file" href="/hemmelig.pdf" data-sporlos="hemmelig">x</a><a id="out" href="https://hemmelig.example/">y</a>
    <script>addEventListener('click', (event) => event.preventDefault())</script></body></html>`;
// What may leave, letter by letter.
const ALLOWED = /^s=xn--ungeprrende-18a2w\.example&(u=[A-Za-z0-9%._-]+(&n=1)?|t=declined)$/;

let browser, recorder;

before(async () => {
    recorder = await startRecorder({ '/alt': EVERYTHING, '/lenker': '<!doctype html><title>x</title><link rel="icon" href="data:,">' });
    browser = await launchBrowser();
});

after(async () => {
    await browser?.close();
    await recorder?.stop();
});

describe('the script as it is served', () => {
    let text;
    before(() => (text = recorder.scripts['/s-restricted.js'].identity.toString()));
    const count = (pattern) => [...text.matchAll(pattern)].length;

    test('has one place that sends, to one address, with one body', () => {
        assert.equal(count(/\bfetch\(/g), 1);
        assert.match(text, /fetch\(\w+,\{method:"POST",body:\w+\+\w+,keepalive:!0,credentials:"omit",referrerPolicy:"strict-origin"\}\)/);
        assert.equal(count(/\bimport\(/g), 1, 'the opt-out script');
        assert.match(text, /import\(new URL\("\/opt-out\.js",\w+\)\)/);
        // Every other way out of a page.
        for (const way of ['sendBeacon', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'WebTransport', 'RTCPeerConnection', 'Image', 'createElement', 'fetchLater', 'Worker',
            'postMessage', 'BroadcastChannel', '.href', 'open(', 'submit', 'append', 'innerHTML', 'insertAdjacent', 'setAttribute', 'cookie', 'eval', 'Function', 'setItem', 'atob', 'fromCharCode']) {
            assert.ok(!text.includes(way), way);
        }
        assert.equal(count(/\.src\b/g), 1, 'where it came from, which is read');
        assert.ok(!/\.src=/.test(text));
    });

    test('names no other field, and looks at nothing else that could be one', () => {
        const names = [...text.matchAll(/["'`]&?(\w+)=/g)].map(([, name]) => name).sort();
        assert.deepEqual(names, ['n', 's', 't', 'u']);
        assert.equal(count(/["'`]t=declined["'`]/g), 1);
        for (const sight of ['userAgent', 'platform', 'language', 'screen', 'innerWidth', 'innerHeight', 'scroll', 'title', 'querySelector', '.search', 'hardware', 'deviceMemory',
            'getTimezone', 'Intl', 'Date', '.now', 'timeStamp', 'random', 'crypto', 'connection', 'plugins', 'canvas', 'hasFocus', 'click', 'tags']) {
            assert.ok(!text.includes(sight), sight);
        }
        // The referrer is compared with the page's own host, and used for nothing else.
        assert.equal(count(/document\.referrer/g), 1);
        assert.match(text, /(\w+)=document\.referrer\.split\(\/\[\/:\]\+\/\)\[1\],\w+=\w+&&\1!==location\.hostname,/);
    });

    test('puts no name into the page and has no size that could hide more', () => {
        assert.ok(!text.includes('window.sporlos'));
        assert.ok(text.length < 1300, `${text.length}`);
    });
});

describe('driven', () => {
    for (const [name, prepare] of [
        ['as it is', null],
        ['without the Navigation API', () => delete window.navigation],
        ['by a reader who declines', () => location.host && (localStorage.sporlos = 'av')],
        ['but with the other build in its place, so that this test is seen to find something', null],
    ]) {
        test(`with everything at once, ${name}`, async () => {
            const reader = await newReader(browser, { userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15' });
            await reader.addInitScript(() => Object.defineProperty(Navigator.prototype, 'maxTouchPoints', { get: () => 5 }));
            if (prepare) await reader.addInitScript(prepare);
            const other = name.includes('other build');
            if (other) await reader.route('**/s-restricted.js', (route) => route.fulfill({ contentType: 'text/javascript', body: recorder.scripts['/s.js'].identity }));
            recorder.clear();
            const page = await reader.newPage();
            const asked = [];
            page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}${new URL(request.url()).search}`));
            await page.goto(`${recorder.url.replace('127.0.0.1', 'other.example')}/lenker?hemmelig`);
            await page.evaluate((url) => (document.body.innerHTML = `<a href="${url}" referrerpolicy="unsafe-url">x</a>`), `${recorder.url}/alt?q=hemmelig&utm_source=hemmelig&utm_medium=hemmelig&utm_campaign=hemmelig#/hemmelig`);
            await page.click('a');
            await page.waitForURL('**/alt?**');
            asked.length = 0;
            await page.waitForTimeout(200);
            await page.click('#file');
            await page.click('#out');
            await page.evaluate(async () => {
                scrollTo(0, 4000);
                for (const call of [['view', '/hemmelig'], ['search', 'hemmelig', { empty: true }], ['event', 'hemmelig'], ['feedback', 'hemmelig'], ['end']]) window.sporlos?.(...call);
                history.pushState(null, '', '/neste?q=hemmelig#hemmelig');
                document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
            });
            await page.waitForTimeout(200);
            await page.goto('about:blank');
            await new Promise((done) => setTimeout(done, 400));
            const expected = prepare && name.includes('declines') ? ['s=xn--ungeprrende-18a2w.example&t=declined'] : ['s=xn--ungeprrende-18a2w.example&u=%2Falt&n=1', 's=xn--ungeprrende-18a2w.example&u=%2Fneste'];
            const sent = recorder.bodies();
            if (other) {
                assert.ok(sent.length > 5 && sent.filter((body) => !ALLOWED.test(body)).length > 5, JSON.stringify(sent));
                await reader.close();
                return;
            }
            for (const body of sent) assert.match(body, ALLOWED);
            assert.deepEqual(sent, expected);
            for (const { url, method, headers } of recorder.requests) {
                assert.deepEqual([method, url, headers.cookie, headers.referer], ['POST', '/b', undefined, `${recorder.url}/`]);
            }
            assert.ok(!JSON.stringify(recorder.requests).includes('hemmelig'));
            assert.ok(asked.every((request) => request === 'POST /b'), JSON.stringify(asked));
            assert.deepEqual(reader.noticed, []);
            await reader.close();
        });
    }
});
