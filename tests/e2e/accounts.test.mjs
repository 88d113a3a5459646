// Who gets in, and what others are shown: roles, sessions, proxies, public links, frames, reports and the pages for them, with the
// real program and a real browser. Every role on every route is tried by tests/unit/aggregator/test_routes.c.
//   LOOK=folder: keeps pictures there
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { hostileArchive, logIn, NOON_ZONE, startAggregator } from './support/aggregator.mjs';
import { chromiumOnly, launchBrowser, openAs } from './support/browser.mjs';
import { until } from './support/process.mjs';

const SITE = 'a.example';
const PASSWORD = 'riktig hest batteri stift';
const LOOK = process.env.LOOK;

let it, browser, allowed, strangers, box;

function serve(body) {
    return new Promise((done) => {
        const server = createServer((incoming, outgoing) => {
            outgoing.writeHead(200, { 'Content-Type': 'text/html' });
            outgoing.end(body());
        }).listen(0, '127.0.0.1', () => done({ server, url: `http://127.0.0.1:${server.address().port}` }));
    });
}

const frame = () => `<!doctype html><title>x</title><iframe src="${it?.url}/embed/${SITE}" width="900" height="900"></iframe>`;
const sites = () => `  ${SITE}: {mode: standard, pages: ["/**"], timezone: ${NOON_ZONE}, embed: ["${allowed.url}"]}\n  b.example: {mode: restricted, pages: ["/"]}\n`;

before(async () => {
    [allowed, strangers] = [await serve(frame), await serve(frame)];
    it = await startAggregator({
        sites: sites(),
        options: '  trusted_proxies: ["127.0.0.2/32"]\n  trusted_user_header: X-Forwarded-User\n',
        prepare: async (one) => {
            await writeFile(join(one.directory, 'strings'), 'demens\nsorg\nbarn-som-parorende\nrettigheter/pleiepenger\nkontakt-oss\n');
            await hostileArchive(one.archive, join(one.directory, 'strings'), SITE);
            for (const [name, role, ...more] of [['sjef', 'administrator'], ['kari', 'editor', '--site', SITE], ['leser', 'reader', '--site', SITE, '--site', 'b.example']]) {
                const { status, errors } = await one.command(['user', 'add', name, '--role', role, ...more], PASSWORD);
                assert.equal(status, 0, errors);
            }
        },
    });
    box = join(it.directory, 'box');
    browser = await launchBrowser();
});

after(async () => {
    await browser?.close();
    await it?.stop();
    allowed?.server.close();
    strangers?.server.close();
});

const get = (path, headers = {}) => fetch(it.url + path, { redirect: 'manual', headers });

// From another address of the loopback network: 127.0.0.2 is the trusted proxy.
const from = (localAddress, path, headers) =>
    new Promise((resolve, reject) => {
        const { hostname, port } = new URL(it.url);
        request({ hostname, port, path, headers, localAddress, agent: false }, (answer) => {
            let body = '';
            answer.on('data', (bytes) => (body += bytes)).on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body }));
        }).on('error', reject).end();
    });

const pageAs = (name, options) => openAs(browser, it.url, name, PASSWORD, options);

test('who is no administrator is given sites by name', async () => {
    const { status, errors } = await it.command(['user', 'add', 'per', '--role', 'editor'], PASSWORD);
    assert.notEqual(status, 0);
    assert.match(errors, /--site/);
    const list = await it.command(['user', 'list']);
    assert.equal(list.status, 0);
});

describe('sessions', () => {
    test('outlive a reload, and end with the password', async () => {
        const { cookie } = await logIn(it.url, 'kari', PASSWORD);
        assert.equal((await get(`/sites/${SITE}`, { Cookie: cookie })).status, 200);
        await it.reload();
        assert.equal((await get(`/sites/${SITE}`, { Cookie: cookie })).status, 200, 'still logged in');
        assert.equal((await it.command(['user', 'password', 'kari'], PASSWORD)).status, 0);
        assert.equal((await get(`/sites/${SITE}`, { Cookie: cookie })).status, 303, 'logged out by another program');
    });

    test('many log-ins at once leave the loop free, and all are answered', async () => {
        const attempts = Array.from({ length: 12 }, (_, i) => logIn(it.url, `ukjent${i}`, 'feil feil feil'));
        const asked = performance.now();
        assert.equal((await get('/login')).status, 200);
        const answered = performance.now() - asked;
        const all = await Promise.all(attempts);
        const whole = performance.now() - asked;
        assert.deepEqual(all.map(({ status }) => status), Array(12).fill(401));
        assert.ok(answered < whole, `the page came after ${answered} of ${whole} ms`);
    });

    test('a reload in the middle of log-ins leaves nobody without an answer', async () => {
        const attempts = Array.from({ length: 4 }, () => logIn(it.url, 'leser', PASSWORD));
        await it.reload();
        const all = await Promise.all(attempts);
        for (const { status, cookie } of all) {
            assert.ok(status === 303 || status === 503, `${status}`);
            if (status === 303) assert.equal((await get(`/sites/${SITE}`, { Cookie: cookie })).status, 200);
        }
    });
});

describe('a proxy that vouches', () => {
    test('is believed, and nobody else', async () => {
        assert.equal((await from('127.0.0.2', `/sites/${SITE}`, { 'X-Forwarded-User': 'kari' })).status, 200);
        assert.equal((await from('127.0.0.1', `/sites/${SITE}`, { 'X-Forwarded-User': 'kari' })).status, 303, 'spoofed');
        assert.equal((await from('127.0.0.3', '/users', { 'X-Forwarded-User': 'sjef' })).status, 303, 'spoofed');
        assert.equal((await from('127.0.0.1', '/users', { 'X-Forwarded-User': 'sjef', 'X-Forwarded-For': '127.0.0.2' })).status, 303, 'spoofed');
        assert.equal((await from('127.0.0.2', '/', { 'X-Forwarded-User': 'finnes-ikke' })).status, 303, 'the user must exist');
        assert.equal((await from('127.0.0.2', '/', { 'X-Forwarded-User': ['kari', 'sjef'] })).status, 303, 'twice');
        assert.equal((await from('127.0.0.2', '/', { X_Forwarded_User: 'sjef' })).status, 303, 'underscores');
        assert.equal((await from('127.0.0.2', '/users', { 'X-Forwarded-User': 'kari' })).status, 403, 'with the role of the account');
    });
});

describe('what others are shown', () => {
    let link;

    test('a link that an editor makes', async () => {
        const page = await pageAs('kari');
        await page.goto(`${it.url}/sites/${SITE}/share`);
        await page.fill('input[name=label]', 'Styret');
        await page.selectOption('select[name=days]', '31');
        await page.locator('form:has(input[name=label]) button').click();
        link = it.url + (await page.locator('.note pre').innerText()).trim();
        assert.match(link, /\/public\/[A-Za-z0-9_-]{22}$/);
        await page.context().close();
    });

    test('opens for anybody, says nothing to anybody, and cannot be changed', async () => {
        const page = await pageAs(null);
        const asked = [];
        page.on('request', (one) => asked.push({ url: one.url(), referer: one.headers().referer }));
        await page.route(/^https:/, (route) => route.fulfill({ status: 200, contentType: 'text/html', body: 'x' }));
        const answer = await page.goto(link);
        assert.equal(answer.status(), 200);
        assert.equal(answer.headers()['referrer-policy'], 'no-referrer');
        assert.match(answer.headers()['x-robots-tag'], /noindex/);
        assert.equal(await page.locator('form[method=post]').count(), 0);
        assert.equal(await page.locator('a[href^="/sites/"]').count(), 0);
        const loggedIn = await pageAs('kari');
        await loggedIn.goto(`${it.url}/sites/${SITE}`);
        const figures = (one) => one.locator('.figures').innerText();
        // 'I dag til kl.' may go on from one to the other.
        for (let again = 0; again < 3 && (await figures(page)) !== (await figures(loggedIn)); again++) {
            await page.reload();
            await loggedIn.reload();
        }
        assert.equal(await figures(page), await figures(loggedIn), 'the same numbers');
        await page.selectOption('select[name=period]', '7d').then(() => page.locator('form.choose button').click());
        await page.waitForURL((to) => to.href.startsWith(`${link}?`)); // and until it has loaded
        await page.evaluate(() => {
            const out = document.querySelector('footer a[href^="https:"]');
            out.removeAttribute('rel'); // the policy alone must do
            out.click();
        });
        await page.waitForURL(/^https:/);
        assert.ok(asked.length > 3);
        for (const { url, referer } of asked) assert.equal(referer, undefined, url);
        assert.deepEqual(await page.context().cookies(), []);
        await page.context().close();
        await loggedIn.context().close();
    });

    test('until it is ended', async () => {
        const page = await pageAs('kari');
        await page.goto(`${it.url}/sites/${SITE}/share`);
        await page.locator('tr:has-text("Styret") summary').click();
        await page.locator('tr:has-text("Styret") button').click();
        await page.waitForURL(/done=saved/);
        assert.equal((await fetch(link)).status, 404);
        await page.context().close();
    });

    test('a frame, for the origins that the configuration names', chromiumOnly('it says on the console why there is no frame'), async () => {
        const page = await pageAs('kari');
        const refused = [];
        page.on('console', (message) => refused.push(message.text()));
        await page.goto(allowed.url);
        await page.frameLocator('iframe').locator('h1').waitFor();
        assert.match(await page.frameLocator('iframe').locator('h1').innerText(), /a\.example/);
        assert.equal(await page.frameLocator('iframe').locator('.figures').count(), 1);
        assert.deepEqual(refused, []);
        await page.goto(strangers.url);
        await until('the refusal', () => refused.some((text) => /frame-ancestors/.test(text)));
        assert.equal(await page.frameLocator('iframe').locator('.figures').count(), 0);
        assert.equal((await get('/embed/b.example')).status, 404);
        await page.context().close();
    });
});

describe('a report by e-mail', () => {
    test('is sent once, by the program that is named', async () => {
        const sendmail = join(it.directory, 'sendmail');
        await writeFile(sendmail, `#!/bin/sh\n{ echo "ARGUMENTS $*"; cat; } >> ${box}\n`);
        await chmod(sendmail, 0o700);
        for (const address of ['kari@example.no', 'sjef@example.no']) {
            const { status, errors } = await it.command(['report', 'add', address, '--site', SITE, '--every', 'week']);
            assert.equal(status, 0, errors);
        }
        assert.equal((await it.command(['report', 'add', 'a@b.no\nBcc: x@y.no', '--site', SITE, '--every', 'week'])).status, 1);
        // Ordered before the week that has ended: else the first report is next week's.
        assert.equal(spawnSync('sqlite3', ['-cmd', '.timeout 5000', it.archive, 'UPDATE account_report SET made = 0']).status, 0);
        await it.configure(`  trusted_proxies: ["127.0.0.2/32"]\n  trusted_user_header: X-Forwarded-User\n  sendmail: ${sendmail}\n  mail_from: statistikk@example.no\n`, sites());
        await it.reload();
        const sent = async () => (await readFile(box, 'utf8').catch(() => '')).split('ARGUMENTS -t -i\n').slice(1);
        await until('two letters', async () => (await sent()).length >= 2, { timeoutMs: 60_000 });
        await it.reload();
        await new Promise((done) => setTimeout(done, 3000));
        const letters = await sent();
        assert.deepEqual(letters.map((text) => /^To: (.*)$/m.exec(text)[1]).sort(), ['kari@example.no', 'sjef@example.no']);
        const { output } = await it.command(['report', 'list']);
        assert.match(output, /a\.example\tkari@example\.no\tweek\tnb\tsent\t\d+\n/);
        const html = Buffer.from(letters[0].split('text/html')[1].split('\n\n')[1].split('--')[0], 'base64').toString();
        assert.match(html, /Mest leste sider/);
        if (LOOK) {
            const page = await pageAs(null, { viewport: { width: 640, height: 800 } });
            await page.setContent(html);
            await page.screenshot({ path: join(LOOK, 'letter.png'), fullPage: true });
            await page.context().close();
        }
    });
});

describe('the pages', () => {
    test('a user is added, changed and removed without any script', async () => {
        const page = await pageAs('sjef', { javaScriptEnabled: false });
        await page.goto(`${it.url}/users`);
        const form = page.locator('form:has(input[name=action][value=add])');
        await form.locator('input[name=name]').fill('ny.bruker');
        await form.locator('select[name=role]').selectOption('editor');
        await form.locator('input[value="a.example"]').check();
        await form.locator('input[name=password]').fill('et langt nytt passord');
        await form.locator('button').click();
        await page.waitForURL(/done=saved/);
        assert.equal((await logIn(it.url, 'ny.bruker', 'et langt nytt passord')).status, 303);
        const row = page.locator('tr:has-text("ny.bruker")');
        await row.locator('a').click();
        await page.waitForURL(/[?&]id=/);
        await page.locator('select[name=role]').selectOption('reader');
        await page.locator('form:has(select) button').click();
        await page.waitForURL(/done=saved/);
        assert.match(await row.innerText(), /Leser/);
        await row.locator('a').click();
        await page.waitForURL(/[?&]id=/);
        const remove = page.locator('form:has(input[value=remove]) button');
        await page.locator('summary:has-text("Fjern")').click(); // which waits for a frame: Chromium drops keys before the first
        await remove.click();
        await page.waitForURL(/done=saved/);
        assert.equal(await row.count(), 0);
        await page.context().close();
    });

    test('the access log shows who was let in where', async () => {
        const page = await pageAs('sjef');
        await page.goto(`${it.url}/access-log`);
        const text = await page.locator('main').innerText();
        for (const wanted of ['kari', 'leser', 'Så tallene for a.example', 'Kom inn gjennom virksomhetens innlogging', 'Endret: ']) assert.ok(text.includes(wanted), wanted);
        assert.doesNotMatch(text, /127\.0\.0|ukjent/);
        assert.equal((await get('/access-log', { Cookie: (await logIn(it.url, 'kari', PASSWORD)).cookie })).status, 403);
        await page.context().close();
    });
});
