// Strings that try to be something else than text, through every place that a string can come from, onto every page, in a real
// browser: no alert, no report of a policy that was broken, nothing in a header, a cell or a log.
//   node --test injection.test.mjs          --long (or INJECTION=long): every string at every parameter of every page
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { domainToASCII } from 'node:url';
import { hostileArchive, logIn, startAggregator } from './support/aggregator.mjs';
import { launchBrowser } from './support/browser.mjs';
import { ALL, FORMULAS, LINES, MARK, MARKUP } from './support/hostile.mjs';
import { exchange } from './support/raw.mjs';

const LONG = process.argv.includes('--long') || process.env.INJECTION === 'long';
const SITE_NAME = 'blåbær.example';
const SITE = domainToASCII(SITE_NAME);
const PASSWORD = 'riktig hest batteri stift';
const sites = `  ${SITE_NAME}: {mode: standard, pages: ["/**"], embed: ["http://127.0.0.1:1"]}\n  vernet.example: {mode: restricted, pages: ["/"]}\n`;

// In front of the aggregator: adds to its policy where to report, and counts what is reported. What else it serves by itself:
// pages that are known to be bad, to see that all this would be seen.
const CONTROLS = {
    '/control/alert': [{}, `<!doctype html><script>alert('${MARK}')</script>`],
    '/control/policy': [{ 'Content-Security-Policy': "default-src 'none'; report-uri /reports" }, `<!doctype html><img src=x onerror=alert(1)><script>alert(1)</script>`],
};

async function startFront(target) {
    const front = { reports: [] };
    const { hostname, port } = new URL(target);
    const server = createServer((incoming, outgoing) => {
        if (incoming.url === '/reports') {
            let text = '';
            incoming.on('data', (bytes) => (text += bytes)).on('end', () => (front.reports.push(text), outgoing.writeHead(204).end()));
        } else if (CONTROLS[incoming.url]) {
            const [headers, body] = CONTROLS[incoming.url];
            outgoing.writeHead(200, { 'Content-Type': 'text/html', ...headers }).end(body);
        } else {
            const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
                const headers = { ...answer.headers };
                if (headers['content-security-policy']) headers['content-security-policy'] += '; report-uri /reports';
                outgoing.writeHead(answer.statusCode, headers);
                answer.pipe(outgoing);
            });
            onward.on('error', () => outgoing.destroy());
            incoming.pipe(onward);
        }
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    front.url = `http://127.0.0.1:${server.address().port}`;
    front.stop = () => new Promise((done) => (server.closeAllConnections(), server.close(done)));
    return front;
}

let it, front, browser, context, page, cookie, link, taken;
const alerts = [];
const visited = new Set();

before(async () => {
    it = await startAggregator({
        sites,
        prepare: async (one) => {
            const file = join(one.directory, 'strings');
            await writeFile(file, ALL.map((text) => text.replace(/[\r\n\0]/g, ' ')).join('\n'));
            taken = Object.fromEntries((await hostileArchive(one.archive, file, SITE)).trim().split('\n').map((line) => line.split(' ')));
            const { status, errors } = await one.command(['user', 'add', 'sjef', '--role', 'administrator'], PASSWORD);
            assert.equal(status, 0, errors);
        },
    });
    front = await startFront(it.url);
    browser = await launchBrowser();
    context = await browser.newContext({ locale: 'nb-NO' });
    await context.addInitScript(() => {
        for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = (text) => window.__alert(`${name}: ${text} at ${location}`);
    });
    await context.exposeBinding('__alert', (source, text) => alerts.push(text));
    context.on('dialog', (dialog) => (alerts.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
    page = await context.newPage();
    cookie = (await logIn(front.url, 'sjef', PASSWORD)).cookie;
    assert.match(cookie, /^sporlos=./);
    const [name, value] = cookie.split('=');
    await context.addCookies([{ name, value, url: front.url }]);
});

after(async () => {
    await browser?.close();
    await front?.stop();
    await it?.stop();
});

// Elements that only a string that had become markup could have made.
const foreign = () =>
    page.evaluate((mark) => {
        // Elsewhere, or to a script. A link of ours may hold the string in its query.
        const leads = (element, value) => {
            if (value.startsWith('#')) return false;
            const url = new URL(value, element.baseURI);
            return !/^(https?|mailto):$/.test(url.protocol) || /evil\.example/i.test(url.host + url.pathname);
        };
        const found = [...document.querySelectorAll('script:not([src^="/assets/"]), iframe, object, embed, base, meta[http-equiv], math, template, link[href*=evil], form[action*=evil]')];
        for (const element of document.querySelectorAll('*'))
            for (const { name, value } of element.attributes) {
                if (/^on/.test(name) || (/^(href|src|action|formaction|xlink:href)$/.test(name) && leads(element, value))) found.push(element);
                if (name === 'style' && value.includes(mark)) found.push(element);
            }
        return found.map((element) => element.outerHTML.slice(0, 200));
    }, MARK);

async function visit(path) {
    await page.goto(front.url + path, { waitUntil: 'load' });
    visited.add(path.split('?')[0]);
    assert.deepEqual(await foreign(), [], path);
}

async function quiet(what) {
    await page.waitForTimeout(50); // reports are sent after the page
    assert.deepEqual(alerts, [], `${what}: alerts`);
    assert.deepEqual(front.reports, [], `${what}: reports`);
}

const form = (path, fields, as = cookie) =>
    fetch(front.url + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { Cookie: as, Origin: front.url, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields),
    });

describe('what would be seen', () => {
    test('an alert, and a policy that is broken', async () => {
        await page.goto(`${front.url}/control/alert`);
        assert.equal(alerts.length, 1);
        await page.goto(`${front.url}/control/policy`);
        for (let i = 0; i < 100 && front.reports.length === 0; i++) await page.waitForTimeout(50);
        assert.ok(front.reports.length > 0, 'the browser reports');
        assert.ok((await foreign()).length > 0, 'foreign elements are found');
        await page.goto('about:blank');
        alerts.length = front.reports.length = 0;
    });

    test('the archive took the strings', () => {
        for (const table of ['page', 'search']) assert.ok(Number(taken[table]) > ALL.length / 2, `${table} took ${taken[table]} of ${ALL.length}`);
    });
});

describe('strings that are kept', () => {
    // Every line of sites is refused by its number, and nothing comes back that a terminal would obey.
    async function refused(line) {
        await it.configure('', ALL.map((text, i) => `  ${line(text, i)}\n`).join(''));
        const { status, output, errors } = await it.command(['--check-config']);
        const first = (await readFile(it.config, 'utf8')).split('\n').indexOf('sites:') + 2;
        assert.notEqual(status, 0);
        for (const [i, text] of ALL.entries()) assert.ok(errors.includes(`sporlos.yaml:${first + i}:`), `${text}: ${errors}`);
        assert.ok(!/[\u001b\u0000\u0085\u202e]/.test(output + errors), 'what it says is plain');
        await it.configure();
    }

    test('sites cannot be called so', async () => {
        await refused((text) => `${JSON.stringify(text)}: {mode: standard}`);
    });

    test('frames are not for them', async () => {
        await refused((text, i) => `a${i}.example: {mode: standard, embed: [${JSON.stringify(`https://a.example${text}`)}]}`);
    });

    test('users and recipients cannot be called so', async () => {
        for (const text of ALL) {
            const user = await form('/users', { action: 'add', name: text, role: 'reader', sites: '', password: PASSWORD });
            assert.equal(user.headers.get('location'), '/users?done=bad', text);
            const report = await form(`/sites/${SITE}/share`, { action: 'report_add', address: text, kind: 'week' });
            assert.equal(report.headers.get('location'), `/sites/${SITE}/share?done=bad-address`, text);
            const mixed = await form(`/sites/${SITE}/share`, { action: 'report_add', address: `a@b.no${text}`, kind: 'week' });
            if (!/^'--|^x7/.test(text)) assert.equal(mixed.headers.get('location'), `/sites/${SITE}/share?done=bad-address`, text);
        }
        for (const text of ALL.filter((one) => !one.includes('\0')).slice(0, LONG ? undefined : 4)) {
            const { status } = await it.command(['user', 'add', text, '--role', 'reader', '--site', '*'], PASSWORD);
            assert.notEqual(status, 0, text);
        }
    });

    test('links may be, and are shown as text', async () => {
        for (const text of ALL.filter((one) => !one.includes('\0'))) {
            const answer = await form(`/sites/${SITE}/share`, { action: 'link_add', label: text.slice(0, 100), days: '7' });
            assert.equal(answer.status, 200, text);
            link ??= /\/public\/[A-Za-z0-9_-]{22}/.exec(await answer.text())[0];
        }
        await visit(`/sites/${SITE}/share`);
        const shown = await page.locator('main').innerText();
        for (const text of MARKUP.filter((one) => !/[\u2028\u202e]/.test(one) && one.length <= 100)) assert.ok(shown.includes(text), `${text} is shown`);
        await quiet('sharing');
    });

    test('every page over them', async () => {
        const pages = ['/', '/login', `/sites/${SITE}`, `/sites/${SITE}/privacy`, `/sites/${SITE}/share`, '/users', '/access-log', '/declaration',
            `/declaration/${SITE}`, `/embed/${SITE}`, link, `${link}/privacy`];
        for (const path of pages) await visit(path);
        // And what they lead to: screens and exports that this list does not know of.
        const found = new Set();
        for (const path of pages) {
            await page.goto(front.url + path);
            for (const href of await page.evaluate(() => [...document.querySelectorAll('a[href]')].map((a) => a.href)))
                if (href.startsWith(front.url) && !/[?&]lang=/.test(href)) found.add(href.slice(front.url.length).split('#')[0]);
        }
        for (const path of [...found].filter((one) => !pages.includes(one)).slice(0, LONG ? 500 : 60)) {
            const answer = await fetch(front.url + path, { headers: { Cookie: cookie }, redirect: 'manual' });
            if ((answer.headers.get('content-type') ?? '').startsWith('text/html')) await visit(path);
        }
        await quiet('pages');
        await page.goto(`${front.url}/sites/${SITE}`);
        assert.ok((await page.content()).includes(MARK), 'control: the strings are on the overview');
        assert.ok((await page.content()).includes('&lt;script&gt;'), 'control: as text');
    });
});

describe('strings that are asked', () => {
    const ASKED = ['/login', '/', `/sites/${SITE}`, `/sites/${SITE}/privacy`, `/sites/${SITE}/share`, '/users', '/access-log', '/declaration', `/declaration/${SITE}`,
        `/embed/${SITE}`];
    const PARAMETERS = ['period', 'compare', 'lang', 'done', 'page', 'version', 'q', 'from', 'to', MARK];

    test('in the address', async () => {
        // A string in each parameter at once, so that in as many rounds as there are strings each has been in each.
        const rounds = LONG ? ALL.length : 1;
        for (let round = 0; round < rounds; round++) {
            for (const [p, path] of [...ASKED, link].entries()) {
                const asked = PARAMETERS.map((name, i) => `${name}=${encodeURIComponent(ALL[(round + 5 * i + 7 * p) % ALL.length])}`);
                await visit(`${path}?${asked.join('&')}`);
            }
        }
        const paths = ['/', '/sites/', `/sites/${SITE}/`, '/public/', '/embed/', '/declaration/', '/assets/'];
        for (const [i, text] of ALL.entries()) {
            for (const [p, path] of paths.entries()) {
                const address = front.url + path + encodeURIComponent(text);
                if (LONG || (i % paths.length === p && i % 6 === 0)) {
                    await page.goto(address);
                    assert.deepEqual(await foreign(), [], path + text);
                } else {
                    const body = await (await fetch(address, { headers: { Cookie: cookie } })).text();
                    assert.ok(!body.includes(MARK), path + text);
                }
            }
        }
        await quiet('addresses');
    });

    test('in forms', async () => {
        await page.context().clearCookies();
        for (const text of LONG ? ALL : MARKUP.slice(0, 3)) {
            await page.goto(`${front.url}/login`);
            await page.fill('input[name=name]', text.replace(/[\r\n\0]/g, ' '));
            await page.fill('input[name=password]', text.replace(/[\r\n\0]/g, ' '));
            await page.locator('main form button').click();
            await page.waitForSelector('.problem');
            assert.deepEqual(await foreign(), [], text);
        }
        await quiet('forms');
        const [name, value] = cookie.split('=');
        await context.addCookies([{ name, value, url: front.url }]);
    });

    test('in headers', async () => {
        for (const text of MARKUP.slice(0, LONG ? undefined : 2).map((one) => one.replace(/[^\x20-\x7e]/g, ''))) {
            const other = await browser.newContext({
                extraHTTPHeaders: { Cookie: cookie, Referer: `http://x.example/${text}`, 'X-Forwarded-For': text, 'X-Forwarded-User': text, 'Accept-Language': text, 'X-Forwarded-Host': text },
                userAgent: text,
            });
            const before = page;
            page = await other.newPage();
            for (const path of ['/login', `/sites/${SITE}`, '/access-log']) await visit(path);
            page = before;
            await other.close();
        }
        await quiet('headers');
    });
});

describe('lines', () => {
    // Sent byte by byte: the header block of the answer has the lines that it has for a plain request.
    test('none is added to a header', async () => {
        const names = (head) => head.split('\r\n').slice(1).map((line) => line.split(':')[0].toLowerCase()).sort();
        const ask = (target) => exchange(it.url, `GET ${target} HTTP/1.1\r\nHost: c\r\nConnection: close\r\nCookie: ${cookie}\r\n\r\n`);
        const targets = (text) => [`/?lang=${text}`, `/sites/${SITE}?period=${text}`, `/login?lang=${text}`, `/users?done=${text}`, `/embed/${SITE}?lang=${text}`];
        const plain = await Promise.all(targets('nb').map(ask));
        for (const text of [...LINES, ...MARKUP.slice(0, 6)]) {
            for (const [i, target] of targets(encodeURIComponent(text)).entries()) {
                const answer = await ask(target);
                assert.equal(answer.status, plain[i].status, target);
                assert.deepEqual(names(answer.head), names(plain[i].head), target);
                assert.ok(!answer.head.includes(MARK), target);
            }
            for (const action of ['add', 'remove', text]) {
                const answer = await form('/users', { action, name: text, role: text, sites: text, password: text });
                assert.ok(![...answer.headers].join().includes(MARK), text);
            }
        }
    });

    test('none is added to a log, and no string stands in one', async () => {
        assert.ok(it.events.length > 0, 'there is a log');
        assert.ok(!it.events.includes(MARK), 'nothing of a string');
        for (const line of it.events.trim().split('\n')) assert.match(line, /^ts=\S+ level=[a-z]+ event=[a-z_]+( [a-z_0-9]+=-?\d+)*$/);
    });
});

describe('cells', () => {
    // Exports are found where the pages offer them.
    test('no cell of an export is a formula', async (t) => {
        await page.goto(`${front.url}/sites/${SITE}`);
        const exports = new Set();
        const sources = [`/sites/${SITE}`, ...[...visited].filter((path) => path.startsWith(`/sites/${SITE}/`))];
        for (const path of sources) {
            await page.goto(front.url + path);
            for (const href of await page.evaluate(() => [...document.querySelectorAll('a[href*="csv"], a[download]')].map((a) => a.href))) exports.add(href);
        }
        if (exports.size === 0) return t.skip('no page offers an export yet');
        let cells = 0;
        for (const address of exports) {
            const answer = await fetch(address, { headers: { Cookie: cookie } });
            if (!/csv/.test(answer.headers.get('content-type') ?? '')) continue;
            for (const cell of parseCsv((await answer.text()).replace(/^\ufeff/, ''))) {
                cells++;
                if (!/^[+-]?[\d\s.,\u00a0\u202f\u2212]*$/.test(cell)) assert.doesNotMatch(cell, /^[=+\-@\t\r|%]/, address);
            }
        }
        assert.ok(cells > 100, `${cells} cells`);
    });

    // The reader of cells, tried first on what it must find.
    test('control: a formula would be found', () => {
        assert.deepEqual(parseCsv('a;"b;""c"\r\n=1+1;x\r\n'), ['a', 'b;"c', '=1+1', 'x']);
        for (const formula of FORMULAS.filter((one) => /^[=+\-@\t]/.test(one))) assert.match(formula, /^[=+\-@\t\r|%]/);
    });
});

// Cells of a CSV with ';' or ',' between, whichever its first line has.
function parseCsv(text) {
    const separator = text.split('\n')[0].includes(';') ? ';' : ',';
    const cells = [];
    let [cell, quoted] = ['', false];
    for (let i = 0; i < text.length; i++) {
        const c = text[i];
        if (quoted && c === '"' && text[i + 1] === '"') (cell += '"'), i++;
        else if (c === '"') quoted = !quoted;
        else if (!quoted && (c === separator || c === '\n')) cells.push(cell.replace(/\r$/, '')), (cell = '');
        else cell += c;
    }
    if (cell !== '') cells.push(cell);
    return cells;
}

test('nothing was left open', async () => {
    await quiet('in all');
    const text = await readFile(it.config, 'utf8');
    assert.ok(text.includes(SITE_NAME));
});
