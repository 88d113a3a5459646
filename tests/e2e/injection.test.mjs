// Strings that try to be something else than text, through every place that a string can come from, onto every route, in a real
// browser: no alert, no report of a policy that was broken, nothing in a header, a cell, a letter or a log.
//   node --test injection.test.mjs          --long (or INJECTION=long): every string at every parameter of every page
import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { domainToASCII } from 'node:url';
import PostalMime from 'postal-mime';
import { hostileArchive, logIn, NOON_ZONE, orderReport, startAggregator } from './support/aggregator.mjs';
import { launchBrowser } from './support/browser.mjs';
import { parseCsv } from './support/csv.mjs';
import { ALL, FORMULAS, LINES, MARK, MARKUP } from './support/hostile.mjs';
import { until } from './support/process.mjs';
import { exchange } from './support/raw.mjs';
import { routeList } from './support/routes.mjs';
import { startWatchingFront } from './support/watching_front.mjs';

const LONG = process.argv.includes('--long') || process.env.INJECTION === 'long';
const SITE_NAME = 'blåbær.example';
const SITE = domainToASCII(SITE_NAME);
const RESTRICTED = 'vernet.example';
const PASSWORD = 'riktig hest batteri stift';
const SCREENS = ['', '/content', `/page?path=/${encodeURIComponent(MARKUP[0])}`, '/places', '/sources', '/searches', '/feedback', '/events', '/privacy'];
const PRIVATE = ['/reports', '/settings', '/share']; // not for the public
const STRING_TABLES = ['page', 'search', 'search_empty', 'section', 'tag', 'utm_source', 'utm_medium', 'utm_campaign', 'download', 'missing', 'event'];
const daysAgo = (n) => new Date(Date.now() - n * 86_400_000).toISOString().slice(0, 10);
const DAYS = `from=${daysAgo(28)}&to=${daysAgo(2)}`;

// What texts the configuration takes, and how each looks as an option of a site.
const TEXTS = {
    sections: (texts) => `sections: {${texts.map((text, i) => `"/${i}/**": ${JSON.stringify(text)}`)}}`,
    tags: (texts) => `tags: [${texts.map((text) => JSON.stringify(text))}]`,
    feedback: (texts) => `feedback: {${texts.map((text, i) => `a${i}: ${JSON.stringify(text)}`)}}`,
    feedback_question: (texts) => `feedback_question: ${JSON.stringify(texts[0])}`,
    events: (texts) => `events: [${texts.map((text) => JSON.stringify(text))}]`,
    pages: (texts) => `pages: ["/**", ${texts.map((text) => JSON.stringify(`/${text}`))}]`,
    fold: (texts) => `fold: {${texts.map((text, i) => `"/b/${i}/**": ${JSON.stringify(`/${text}`)}`)}}`,
    popular_tags: (texts) => `popular_tags: {${texts.map((text, i) => `"/${i}/**": ${JSON.stringify(text)}`)}}`,
};
const common = `mode: standard, timezone: ${NOON_ZONE}, popular: true, embed: ["http://127.0.0.1:1"]`;
const sitesWith = (options) => `  ${SITE_NAME}: {${[common, ...options].join(', ')}}\n  ${RESTRICTED}: {mode: restricted, pages: ["/"]}\n`;

let it, front, browser, context, page, cookie, token, link, taken, routes, box;
const accepted = {};
const alerts = [];

// Of one option, the strings whose line is not complained of.
async function acceptedAs(one, option) {
    await one.configure('', ALL.map((text, i) => `  a${i}.example: {mode: standard, ${TEXTS[option]([text])}}\n`).join(''));
    const { errors } = await one.command(['--check-config']);
    const first = (await readFile(one.config, 'utf8')).split('\n').indexOf('sites:') + 2;
    return ALL.filter((text, i) => !errors.includes(`sporlos.yaml:${first + i}:`));
}

// The sites with every text that an option takes.
async function configureWhole(one) {
    const sendmail = join(one.directory, 'sendmail');
    box = join(one.directory, 'box');
    await writeFile(sendmail, `#!/bin/sh\ncat >> ${box}\n`);
    await chmod(sendmail, 0o700);
    for (const option of Object.keys(TEXTS)) accepted[option] ??= await acceptedAs(one, option);
    const sites = sitesWith(Object.entries(TEXTS).map(([option, write]) => write(accepted[option])));
    await one.configure(`  sendmail: ${sendmail}\n  mail_from: statistikk@example.no\n  api_rate: 0\n`, sites);
    const { status, errors } = await one.command(['--check-config']);
    assert.equal(status, 0, errors);
}

before(async () => {
    routes = await routeList();
    it = await startAggregator({
        sites: sitesWith([]),
        prepare: async (one) => {
            const file = join(one.directory, 'strings');
            await writeFile(file, ALL.map((text) => text.replace(/[\r\n\0]/g, ' ')).join('\n'));
            taken = Object.fromEntries((await hostileArchive(one.archive, file, SITE)).trim().split('\n').map((line) => line.split(' ')));
            const { status, errors } = await one.command(['user', 'add', 'sjef', '--role', 'administrator'], PASSWORD);
            assert.equal(status, 0, errors);
            const made = await one.command(['token', 'add', MARKUP[0], '--site', '*']);
            assert.equal(made.status, 0, made.errors);
            token = made.output.trim();
            await configureWhole(one);
        },
    });
    front = await startWatchingFront(it.url);
    front.serve('/control/alert', 'text/html', `<!doctype html><script>alert('${MARK}')</script>`);
    front.serve('/control/policy', 'text/html', '<!doctype html><img src=x onerror=alert(1)><script>alert(1)</script>', { 'Content-Security-Policy': "default-src 'none'; report-uri /reports" });
    front.serve('/control/last', 'text/html', '<!doctype html><script>alert(1)</script>', { 'Content-Security-Policy': "default-src 'none'; report-uri /reports/last" });
    browser = await launchBrowser();
    context = await browser.newContext({ locale: 'nb-NO' });
    await watchAlerts(context);
    page = await context.newPage();
    const entered = await logIn(front.url, 'sjef', PASSWORD);
    routes.visited('POST', '/login', entered.status);
    cookie = entered.cookie;
    assert.match(cookie, /^sporlos=./);
    const [name, value] = cookie.split('=');
    await context.addCookies([{ name, value, url: front.url }]);
});

after(async () => {
    await browser?.close();
    await front?.stop();
    await it?.stop();
});

async function watchAlerts(where) {
    await where.addInitScript(() => {
        for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = (text) => window.__alert(`${name}: ${text} at ${location}`);
    });
    await where.exposeBinding('__alert', (source, text) => alerts.push(text));
    where.on('dialog', (dialog) => (alerts.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
}

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
    const answer = await page.goto(front.url + path, { waitUntil: 'load' });
    routes.visited('GET', path.split('?')[0], answer.status());
    assert.deepEqual(await foreign(), [], path);
}

// A request as a program makes it, with the administrator's cookie and a token.
async function ask(path, { method = 'GET', body = undefined, headers = {} } = {}) {
    const answer = await fetch(front.url + path, { method, body, redirect: 'manual', headers: { Cookie: cookie, Authorization: `Bearer ${token}`, ...headers } });
    routes.visited(method, path.split('?')[0], answer.status);
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', headers: [...answer.headers].join(), body: await answer.text() };
}

// What is no page, opened as if somebody had kept it: without any policy that would hold it.
async function open(type, body) {
    const path = `/control/kept-${front.own.size}`;
    front.serve(path, type, body);
    await visit(path);
}

// Nothing was alerted or reported. A page that is known to be bad is reported last; then the others have been.
async function quiet(what) {
    const last = front.reports.length;
    await page.goto(`${front.url}/control/last`);
    await until('the last report', () => front.reports.slice(last).some(({ url }) => url === '/reports/last'));
    assert.deepEqual(alerts, [], `${what}: alerts`);
    assert.deepEqual(front.reports.filter(({ url }) => url !== '/reports/last'), [], `${what}: reports`);
}

async function form(path, fields, as = cookie) {
    const answer = await fetch(front.url + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { Cookie: as, Origin: front.url, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields),
    });
    routes.visited('POST', path, answer.status);
    return answer;
}

describe('what would be seen', () => {
    test('an alert, and a policy that is broken', async () => {
        await page.goto(`${front.url}/control/alert`);
        assert.equal(alerts.length, 1);
        await page.goto(`${front.url}/control/policy`);
        await until('a report', () => front.reports.some(({ url }) => url === '/reports'));
        assert.ok((await foreign()).length > 0, 'foreign elements are found');
        await page.goto('about:blank');
        alerts.length = front.reports.length = 0;
    });

    test('the archive took the strings, and so did the configuration', () => {
        for (const table of ['page', 'search', 'search_empty', 'section', 'tag', 'utm_source', 'utm_medium', 'utm_campaign', 'feedback', 'download', 'missing', 'event'])
            assert.ok(Number(taken[table]) > ALL.length / 2, `${table} took ${taken[table]} of ${ALL.length}`);
        for (const table of ['page_engagement', 'scroll']) assert.ok(Number(taken[table]) > 0, `${table} took some: it has months alone`);
        for (const [option, texts] of Object.entries(accepted)) assert.ok(texts.length > ALL.length / 2, `${option} took ${texts.length}`);
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
        await configureWhole(it);
    }

    test('sites cannot be called so', async () => {
        await refused((text) => `${JSON.stringify(text)}: {mode: standard}`);
    });

    test('frames are not for them', async () => {
        await refused((text, i) => `a${i}.example: {mode: standard, embed: [${JSON.stringify(`https://a.example${text}`)}]}`);
    });

    test('users and recipients cannot be called so', async () => {
        for (const text of ALL) {
            const user = await form('/users', { action: 'add', name: text, role: 'reader', site: '*', password: PASSWORD });
            assert.equal(user.status, 422, text);
            assert.match(await user.text(), /id="add-name-fault"/, text);
            const report = await form(`/sites/${SITE}/share`, { action: 'report_add', address: text, kind: 'week' });
            assert.equal(report.status, 422, text);
            assert.match(await report.text(), /id="report_add-address-fault"/, text);
            const mixed = await form(`/sites/${SITE}/share`, { action: 'report_add', address: `a@b.no${text}`, kind: 'week' });
            if (!/^'--|^x7/.test(text)) assert.equal(mixed.status, 422, text);
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

    test('notes may be, and are shown as text', async () => {
        const day = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
        for (const text of ALL.filter((one) => !one.includes('\0'))) {
            const answer = await form(`/sites/${SITE}/annotations`, { text, day });
            assert.ok([303, 422].includes(answer.status), `${text}: ${answer.status}`);
            assert.ok(![...answer.headers].join().includes(MARK), text);
        }
        await visit(`/sites/${SITE}`);
        const shown = await page.locator('main').innerText();
        const plain = MARKUP.filter((one) => !/[\u2028\u202e]/.test(one));
        for (const text of plain) assert.ok(shown.includes(text), `${text} is shown`);
        await quiet('notes');
    });

    test('every page over them', async () => {
        const pages = ['/', '/login', '/account', '/users', '/access-log', '/declaration', `/declaration/${SITE}`, `/embed/${SITE}`, '/public/x/nothing', `/sites/${SITE}/nothing`,
            `/sites/${RESTRICTED}`,
            ...SCREENS.map((screen) => `/sites/${SITE}${screen}`), ...PRIVATE.map((screen) => `/sites/${SITE}${screen}`), ...SCREENS.map((screen) => link + screen)];
        const found = new Set();
        for (const path of pages) {
            await visit(path);
            for (const href of await page.evaluate(() => [...document.querySelectorAll('a[href]')].map((a) => a.href)))
                if (href.startsWith(front.url) && !/[?&](lang|period|compare|margins)=/.test(href)) found.add(href.slice(front.url.length).split('#')[0]);
        }
        // And what they lead to: one page of the site for each string, and what this list does not know of.
        const more = [...found].filter((one) => !pages.includes(one) && !/\/export\?/.test(one));
        assert.ok(more.length > MARKUP.length / 2, `${more.length} more`);
        for (const [i, path] of more.entries()) {
            const { type, body } = await ask(path);
            if (!type.startsWith('text/html')) continue;
            if (LONG || i % 12 === 0) await visit(path);
            else assert.ok(!MARKUP.some((text) => /^[^a-z]*<[a-z]/.test(text) && body.includes(text)), path);
        }
        await quiet('pages');
        await page.goto(`${front.url}/sites/${SITE}`);
        assert.ok((await page.content()).includes(MARK), 'control: the strings are on the overview');
        assert.ok((await page.content()).includes('&lt;script&gt;'), 'control: as text');
    });

    test('what is no page', async () => {
        for (const path of ['/declaration.json', `/declaration/${SITE}.json`, `/declaration/${SITE}.json?version=1`, `/declaration/${SITE}.txt`, '/assets/icon.svg', '/api/openapi.json', '/api/v1/sites',
            `/popular?site=${SITE}`, `/popular?site=${SITE}&tag=${encodeURIComponent(accepted.popular_tags[0])}`]) {
            const { status, type, body } = await ask(path);
            assert.equal(status, 200, path);
            assert.doesNotMatch(type, /html/, path);
            await open(type, body);
            await visit(path);
        }
        const question = { site_id: SITE, metrics: ['pageviews'], date_range: '28d', dimensions: ['event:page'], filters: [['contains', 'event:page', MARKUP]] };
        const { status, type, body } = await ask('/api/v2/query', { method: 'POST', body: JSON.stringify(question), headers: { 'Content-Type': 'application/json' } });
        assert.equal(status, 200, body);
        assert.match(type, /^application\/json/);
        assert.ok(body.includes(MARK), 'control: the strings are in the answer');
        await open(type, body);
        await quiet('answers');
    });

    test('a picture of them is a picture', async () => {
        for (const table of LONG ? STRING_TABLES : ['page', 'event', 'utm_campaign']) {
            const { status, type, body } = await ask(`/api/v1/sites/${SITE}/tables/${table}?${DAYS}&by=range&format=svg`);
            assert.equal(status, 200, table);
            assert.match(type, /^image\/svg/);
            assert.ok(body.includes(MARK), 'control: the strings are in it');
            await open(type, body);
        }
        await quiet('pictures');
    });

    test('a letter of them has its own lines alone', async () => {
        await orderReport(it, 'kari@example.no', '--site', SITE);
        await it.reload();
        const letter = await until('the letter', async () => {
            const text = await readFile(box, 'utf8').catch(() => '');
            return /^--[0-9a-f]{32}--$/m.test(text) && text;
        }, { timeoutMs: 60_000 });
        const { headers, subject, html, text } = await PostalMime.parse(letter);
        assert.deepEqual(headers.map(({ key }) => key), ['from', 'to', 'subject', 'message-id', 'mime-version', 'auto-submitted', 'content-type']);
        assert.ok(subject.includes(SITE_NAME));
        assert.ok(text.includes(MARK) && !/[\u0000-\u0009\u000b-\u001f\u007f]/.test(text.replaceAll('\r\n', '\n')), 'plain text');
        assert.ok(html.includes('&lt;script&gt;'), 'control: as text');
        await open('text/html; charset=utf-8', html);
        await quiet('letter');
    });
});

describe('strings that are asked', () => {
    const ASKED = ['/login', '/', ...[...SCREENS, ...PRIVATE].map((screen) => `/sites/${SITE}${screen}`), '/users', '/access-log', '/declaration', `/declaration/${SITE}`, `/embed/${SITE}`];
    const PARAMETERS = ['period', 'compare', 'lang', 'done', 'page', 'path', 'county', 'table', 'form', 'version', 'margins', 'q', 'from', 'to', 'list', 'part', MARK];

    test('in the address', async () => {
        // A string in each parameter at once, so that in as many rounds as there are strings each has been in each.
        const rounds = LONG ? ALL.length : 1;
        for (let round = 0; round < rounds; round++) {
            for (const [p, path] of [...ASKED, link].entries()) {
                const asked = PARAMETERS.map((name, i) => `${name}=${encodeURIComponent(ALL[(round + 5 * i + 7 * p) % ALL.length])}`);
                await visit(`${path.split('?')[0]}?${asked.join('&')}`);
            }
        }
        // What is typed into the box of a list stands in it, in the sentence under it and in addresses.
        for (const [i, text] of ALL.entries()) {
            const filtered = `/sites/${SITE}/content?list=page&q=${encodeURIComponent(text)}`;
            if (LONG || i % 8 === 0) await visit(filtered);
            else assert.ok(!/^[^a-z]*<[a-z]/.test(text) || !(await ask(filtered)).body.includes(text), filtered);
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

    // What the API says of a mistake repeats nothing of it.
    test('in requests to the API', async () => {
        const query = (text) => JSON.stringify({ site_id: text, metrics: [text], date_range: text, dimensions: [text], filters: [[text, text, [text]]], order_by: [[text, text]], [text]: text });
        let problems = 0;
        for (const [i, text] of ALL.entries()) {
            const word = encodeURIComponent(text);
            const table = (changed) => `/api/v1/sites/${SITE}/tables/page?${new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(DAYS)), by: 'range', ...changed })}`;
            const json = { 'Content-Type': 'application/json' };
            const all = [ask(`/api/v1/sites/${word}/tables/page?${DAYS}&by=day`), ask(`/api/v1/sites/${SITE}/tables/${word}?${DAYS}&by=day`), ask(`/api/${word}`),
                ...['from', 'to', 'by', 'format', 'sep', text].map((name) => ask(table({ [name]: text }))),
                ask(`/popular?site=${word}`), ask(`/popular?site=${SITE}&n=${word}`), ask(`/popular?site=${SITE}&tag=${word}x`),
                ask('/api/v2/query', { method: 'POST', body: query(text), headers: json }), ask('/api/v2/query', { method: 'POST', body: text, headers: json }),
                ask('/api/v1/sites', { headers: { Authorization: `Bearer ${encodeURI(text)}` } })];
            for (const { status, type, headers, body } of await Promise.all(all)) {
                if (status < 400) continue;
                problems++;
                assert.equal(type, 'application/problem+json', text);
                assert.ok(!body.includes(MARK) && !headers.includes(MARK), `${text}: ${body}`);
                if (i === 0) await open(type, body);
            }
        }
        assert.ok(problems > 12 * ALL.length, `${problems} problems`);
        await quiet('problems');
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

    // What is given back stands in the form again.
    test('in forms that cannot be taken', async () => {
        const forms = [['/users', 'name'], [`/sites/${SITE}/share`, 'address']];
        for (const text of (LONG ? ALL : MARKUP.slice(0, 4)).map((one) => one.replace(/[\r\n\0]/g, ' '))) {
            for (const [path, field] of forms) {
                await page.goto(front.url + path);
                await page.locator(`input[name=${field}]`).evaluate((one, value) => Object.assign(one, { maxLength: 500, value }), text);
                await page.locator(`form:has(input[name=${field}]) button`).click();
                await page.waitForSelector('.problem');
                assert.equal(await page.inputValue(`input[name=${field}]`), text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, '\ufffd'));
                assert.deepEqual(await foreign(), [], text);
            }
            const answer = await form('/account', { action: text, old: text, password: text, again: text });
            assert.equal(answer.headers.get('location'), '/account?done=unknown', text);
        }
        await quiet('forms given back');
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
        const targets = (text) => [`/?lang=${text}`, `/sites/${SITE}?period=${text}`, `/login?lang=${text}`, `/users?done=${text}`, `/embed/${SITE}?lang=${text}`,
            `/sites/${SITE}/export?table=page&form=${text}`, `/sites/${SITE}/export?table=page&form=csv&period=${text}`];
        const plain = await Promise.all(targets('nb').map(ask));
        for (const text of [...LINES, ...MARKUP.slice(0, 6)]) {
            for (const [i, target] of targets(encodeURIComponent(text)).entries()) {
                const answer = await ask(target);
                if (text.includes('\0') && plain[i].status !== 303) { // an address that cannot be read
                    assert.equal(answer.status, 400, target);
                    assert.ok(!answer.head.includes(MARK) && !answer.body.includes(MARK), target);
                    continue;
                }
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

});

describe('cells', () => {
    const isNumber = (cell) => /^[+-]?[\d\s.,\u00a0\u202f\u2212]*$/.test(cell);

    test('no cell of an export is a formula', async () => {
        await page.goto(`${front.url}/sites/${SITE}/reports?period=28d`);
        const links = await page.evaluate(() => [...document.querySelectorAll('.downloads a')].map((a) => a.href));
        const exports = links.map((href) => href.slice(front.url.length)).filter((path) => /form=csv/.test(path));
        for (const table of STRING_TABLES) {
            assert.ok(exports.some((path) => path.includes(`table=${table}&`)), `${table} is offered`);
            for (const sep of ['semicolon', 'comma', 'tab']) exports.push(`/api/v1/sites/${SITE}/tables/${table}?${DAYS}&by=range&format=csv&sep=${sep}`);
        }
        let strings = 0;
        for (const path of exports) {
            const { status, type, headers, body } = await ask(path);
            assert.equal(status, 200, path);
            assert.match(type, /csv/, path);
            assert.ok(!headers.includes(MARK), path);
            for (const cell of parseCsv(body.replace(/^\ufeff/, ''))) {
                strings += cell.includes(MARK);
                if (!isNumber(cell)) assert.doesNotMatch(cell, /^[=+\-@\t\r|%]/, path);
            }
        }
        assert.ok(strings > 4 * STRING_TABLES.length * FORMULAS.length, `${strings} cells with strings`);
    });

    // The reader of cells, tried first on what it must find.
    test('control: a formula would be found', () => {
        assert.deepEqual(parseCsv('a;"b;""c"\r\n=1+1;x\r\n'), ['a', 'b;"c', '=1+1', 'x']);
        for (const formula of FORMULAS.filter((one) => /^[=+\-@\t]/.test(one))) {
            assert.match(formula, /^[=+\-@\t\r|%]/);
            assert.ok(!isNumber(formula));
        }
    });
});

test('nothing was left open', async () => {
    await form('/logout', {});
    await quiet('in all');
    assert.ok(it.events.length > 0, 'there is a log');
    assert.ok(!it.events.includes(MARK), 'nothing of a string is in the log');
    for (const line of it.events.trim().split('\n')) assert.match(line, /^ts=\S+ level=[a-z]+ event=[a-z_]+( [a-z_0-9]+=-?\d+)*$/);
    assert.deepEqual(routes.missing(), [], 'routes that nothing visited');
    assert.ok((await readFile(it.config, 'utf8')).includes(SITE_NAME));
});
