// Forms that cannot be taken, one's own account, and the pages that say what went wrong: in a real browser without a script, light and dark,
// wide and narrow, by keyboard, in three languages, with axe and html-validate. Pictures of all are left in .work/forms for people to look at.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { logIn, startAggregator } from './support/aggregator.mjs';
import { IS_FIREFOX, launchBrowser, openAs, pictureFolder } from './support/browser.mjs';
import { exchange } from './support/raw.mjs';
import { findGazetteer, seedArchive, SITES, STANDARD } from './support/screens.mjs';

const PASSWORD = 'riktig hest batteri stift';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const validator = new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: { 'aria-label-misuse': ['error', { allowAnyNamable: true }], 'doctype-style': 'off', 'no-implicit-button-type': 'off', 'form-dup-name': ['error', { shared: ['checkbox', 'radio', 'button', 'reset', 'submit'] }] },
});

let it, browser, cookie, pictures;

before(async () => {
    pictures = await pictureFolder('forms');
    it = await startAggregator({
        sites: SITES,
        prepare: async (one) => {
            await seedArchive(one.archive, await findGazetteer(one.directory));
            const users = [['sjef', 'administrator'], ['kari.nordmann@kommune.example.no', 'editor', '--site', STANDARD], ['leser', 'reader', '--site', '*'], ['bytter', 'reader', '--site', '*']];
            for (const [name, role, ...more] of users) {
                const { status, errors } = await one.command(['user', 'add', name, '--role', role, ...more], PASSWORD);
                assert.equal(status, 0, errors);
            }
        },
    });
    ({ cookie } = await logIn(it.url, 'sjef', PASSWORD));
    browser = await launchBrowser();
});

after(async () => {
    await browser?.close();
    await it?.stop();
});

const pageAs = (name, options = {}) => openAs(browser, it.url, name, PASSWORD, { reducedMotion: 'reduce', ...options });

const WIDTHS = [1200, 390];

// Four looks at one page: what breaks a rule, and what does not fit.
async function check(page, name) {
    const problems = [];
    const { results } = await validator.validateString(await page.answer.text(), name);
    for (const { messages } of results) for (const { ruleId, message } of messages) problems.push(`${name}: ${ruleId}: ${message}`);
    for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        for (const colorScheme of ['light', 'dark']) {
            const where = `${name} ${width} ${colorScheme}`;
            await page.emulateMedia({ colorScheme });
            await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
            const wide = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('main section, main table')].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.localName));
            if (wide.length > 0) problems.push(`${where}: ${wide} scroll sideways`);
            const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }, resultTypes: ['violations'], preload: false }));
            for (const { id, nodes } of violations) problems.push(`${where}: ${id}: ${nodes[0].html.slice(0, 120)}`);
        }
    }
    await page.setViewportSize({ width: 1200, height: 900 });
    return problems;
}

async function looked(page, name) {
    await page.evaluate(axe);
    assert.deepEqual(await check(page, name), []);
}

const faultsOf = (page) => page.locator('.fault').evaluateAll((all) => all.map((one) => one.id));

describe('a form that cannot be taken', () => {
    // The summary has the focus without a script, each of its links leads to a field that says what is wrong with it.
    async function checkSummary(page, ids) {
        assert.deepEqual((await faultsOf(page)).sort(), ids.map((id) => `${id}-fault`).sort());
        assert.match(await page.title(), /^Feil: /);
        await page.waitForFunction(() => document.activeElement?.matches('.problem'));
        const links = page.locator('.problem a');
        assert.equal(await links.count(), ids.length);
        await links.first().hover(); // which waits for a frame: Chromium drops keys before the first
        for (let i = 0; i < ids.length; i++) {
            const target = page.locator((await links.nth(i).getAttribute('href')).replaceAll('.', '\\.'));
            assert.equal(await target.count(), 1);
            assert.equal(await target.getAttribute('aria-invalid'), 'true');
            const described = await target.evaluate((one) => [one.getAttribute('aria-describedby'), one.closest('fieldset')?.getAttribute('aria-describedby')].join(' ').split(' ').map((id) => document.getElementById(id)?.textContent));
            assert.ok(described.includes(await links.nth(i).textContent()), `${described}`);
            await links.nth(i).press('Enter');
            await page.waitForFunction((id) => document.activeElement?.closest(`#${id}`) || location.hash === `#${id}`, await target.getAttribute('id'));
        }
    }

    test('a new user: all faults at once, and what was typed is there', async () => {
        const page = await pageAs('sjef', { javaScriptEnabled: true });
        await page.goto(`${it.url}/users`);
        const form = page.locator('form:has(input[name=action][value=add])');
        await form.locator('input[name=name]').fill('Per Ås');
        await form.locator('select[name=role]').selectOption('editor');
        await form.locator('input[name=password]').fill('kort');
        await form.locator('button').click();
        await page.locator('.problem').waitFor();
        await looked(page, 'users-faults');
        await checkSummary(page, ['add-name', 'add-site', 'add-password']);
        assert.equal(await form.locator('input[name=name]').inputValue(), 'Per Ås');
        assert.equal(await form.locator('select[name=role]').inputValue(), 'editor');
        assert.equal(await form.locator('input[name=password]').inputValue(), '');
        await form.locator('input[name=name]').fill('per');
        await form.locator(`input[value="${STANDARD}"]`).check();
        await form.locator('input[name=password]').fill('et langt nytt passord');
        await form.locator('button').click();
        await page.waitForURL(/done=saved/);
        const { output } = await it.command(['user', 'list']);
        assert.match(output, new RegExp(`^per\teditor\t${STANDARD.replaceAll('.', '\\.')}$`, 'm'));
        await page.context().close();
    });

    test('one user: changed, another password, removed', async () => {
        const page = await pageAs('sjef');
        await page.goto(`${it.url}/users`);
        await page.locator('tr:has(th:text-is("leser")) a').click();
        await page.waitForURL(/[?&]id=/);
        assert.match(await page.textContent('h1'), /Endre leser/);
        await looked(page, 'user');
        const form = page.locator('form:has(input[name=action][value=change])');
        assert.equal(await form.locator('input[value="*"]').isChecked(), true);
        await form.locator('input[value="*"]').uncheck();
        await form.locator('button').click();
        await page.locator('.problem').waitFor();
        await looked(page, 'user-faults');
        await checkSummary(page, ['change-site']);
        await page.context().close();
    });

    test('a link and a report', async () => {
        const page = await pageAs('kari.nordmann@kommune.example.no');
        await page.goto(`${it.url}/sites/${STANDARD}/share`);
        await page.locator('form:has(input[name=label]) button').click();
        await page.locator('.problem').waitFor();
        await looked(page, 'share-faults');
        await checkSummary(page, ['link_add-label']);
        await page.fill('input[name=address]', 'ola nordmann');
        await page.selectOption('select[name=kind]', 'month');
        await page.locator('form:has(input[name=address]) button').click();
        await checkSummary(page, ['report_add-address']);
        assert.equal(await page.inputValue('input[name=address]'), 'ola nordmann');
        assert.equal(await page.inputValue('select[name=kind]'), 'month');
        await page.fill('input[name=address]', 'ola@kommune.example.no');
        await page.locator('form:has(input[name=address]) button').click();
        await page.waitForURL(/done=saved/);
        await page.fill('input[name=label]', 'Styret og rådet for personer med nedsatt funksjonsevne');
        await page.locator('form:has(input[name=label]) button').click();
        await page.locator('.note pre').waitFor();
        await looked(page, 'share-filled');
        await page.context().close();
    });

    test('a note', async () => {
        const page = await pageAs('kari.nordmann@kommune.example.no');
        await page.goto(`${it.url}/sites/${STANDARD}`);
        await page.click('summary:text("Legg til en merknad")');
        await page.fill('[name=day]', '2999-01-01');
        await page.fill('[name=text]', 'Ny forside');
        await page.click('.mark button');
        await page.locator('.problem').waitFor();
        await looked(page, 'mark-faults');
        await checkSummary(page, ['mark-day']);
        assert.equal(await page.inputValue('[name=text]'), 'Ny forside');
        await page.fill('[name=day]', new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10));
        await page.locator('main form button').click();
        await page.waitForURL((url) => url.pathname === `/sites/${STANDARD}`);
        assert.match(await page.textContent('ol.marks'), /Ny forside/);
        await page.context().close();
    });

    test('the log-in', async () => {
        const page = await pageAs(null);
        await page.goto(`${it.url}/login?to=/sites/${STANDARD}/content`);
        await page.fill('[name=name]', 'leser');
        await page.locator('main form button').click();
        await page.locator('.problem').waitFor();
        await looked(page, 'login-faults');
        await checkSummary(page, ['login-password']);
        assert.equal(await page.inputValue('[name=name]'), 'leser');
        await page.fill('[name=password]', PASSWORD);
        await page.locator('main form button').click();
        await page.waitForURL((url) => url.pathname === `/sites/${STANDARD}/content`);
        await page.context().close();
    });
});

describe('one’s own account', () => {
    test('is reached by the menu, and has another password, which ends what is open elsewhere', async () => {
        const there = (await logIn(it.url, 'bytter', PASSWORD)).cookie;
        const page = await pageAs('bytter', { javaScriptEnabled: false });
        await page.locator('header a:text-is("Min konto")').click();
        await page.waitForURL(/\/account/);
        await page.fill('[name=old]', 'feil feil feil feil');
        await page.fill('[name=password]', 'et nytt langt passord');
        await page.fill('[name=again]', 'et nytt langt passord');
        await page.locator('form:has([name=old]) button').click();
        await page.locator('#password-old-fault').waitFor();
        for (const name of ['old', 'password', 'again']) assert.equal(await page.inputValue(`[name=${name}]`), '', name);
        await page.fill('[name=old]', PASSWORD);
        await page.fill('[name=password]', 'et nytt langt passord');
        await page.fill('[name=again]', 'et nytt langt passord');
        await page.locator('form:has([name=old]) button').click();
        await page.waitForURL(/done=password/);
        assert.match(await page.textContent('[role=status]'), /Passordet er byttet/);
        assert.equal((await fetch(`${it.url}/account`, { redirect: 'manual', headers: { Cookie: there } })).status, 303);
        assert.equal((await logIn(it.url, 'bytter', PASSWORD)).status, 401);
        const other = (await logIn(it.url, 'bytter', 'et nytt langt passord')).cookie;
        await page.locator('form:has(input[value=logout]) button').click();
        await page.waitForURL(/\/login/);
        assert.equal((await fetch(`${it.url}/account`, { redirect: 'manual', headers: { Cookie: other } })).status, 303);
        await page.context().close();
    });

    test('looks as it should', async () => {
        const page = await pageAs('leser');
        await page.goto(`${it.url}/account`);
        await looked(page, 'account');
        await page.locator('form:has([name=old]) button').click();
        await page.locator('.problem').waitFor();
        await looked(page, 'account-faults');
        await page.context().close();
    });

    test('speaks three languages', async () => {
        const page = await pageAs('leser');
        for (const [tag, word] of [['nb', 'Min konto'], ['nn', 'Kontoen min'], ['en', 'My account']]) {
            await page.goto(`${it.url}/account?lang=${tag}`);
            assert.equal(await page.getAttribute('html', 'lang'), tag);
            assert.equal(await page.textContent('h1'), word);
            assert.equal(await page.locator('header a[aria-current=page]').textContent(), word);
        }
        await page.context().close();
    });
});

describe('tables on a telephone', () => {
    test('read without sideways scrolling', async () => {
        const page = await pageAs('sjef', { viewport: { width: 390, height: 844 } });
        for (const [name, path] of [['users', '/users'], ['access-log', '/access-log'], ['share', `/sites/${STANDARD}/share`]]) {
            await page.goto(it.url + path);
            await looked(page, name);
        }
        await page.setViewportSize({ width: 390, height: 844 });
        await page.goto(`${it.url}/users`);
        const cell = page.locator('tr:has(th:text-is("leser")) td[data-label="Rolle"]');
        assert.match(await cell.evaluate((one) => getComputedStyle(one, '::before').content), IS_FIREFOX ? /^attr\(data-label\)/ : /Rolle: /);
        await page.goto(`${it.url}/sites/${STANDARD}/reports`);
        const narrowest = await page.locator('.downloads tbody th').evaluateAll((all) => Math.min(...all.map((one) => one.getBoundingClientRect().width)));
        assert.ok(narrowest > 250, `what a file has stands in ${narrowest} px`);
        const [languages, menu] = await Promise.all(['.languages', '.sites'].map((one) => page.locator(one).boundingBox()));
        assert.ok(languages.y < menu.y + menu.height, 'one line for the site and the languages');
        await page.context().close();
    });
});

describe('what went wrong', () => {
    const MARK = 'xq7z';
    const get = (path, headers = {}) => fetch(it.url + path, { redirect: 'manual', headers });

    // A page in the dashboard's frame that repeats nothing, in the reader's language.
    async function isPage(answer, status, title) {
        const text = typeof answer.text === 'function' ? await answer.text() : answer.body;
        assert.equal(answer.status, status);
        assert.match(text, new RegExp(`<h1[^>]*>${title}</h1>`));
        assert.match(text, /class="brand"/);
        assert.ok(!text.includes(MARK), 'nothing of the request is repeated');
        const { results } = await validator.validateString(text, title);
        assert.deepEqual(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)), []);
    }

    test('an address of nobody', async () => {
        for (const headers of [{}, { Cookie: cookie }]) {
            await isPage(await get(`/${MARK}?${MARK}=1`, { ...headers, 'Accept-Language': 'nb' }), 404, 'Siden finnes ikke');
            await isPage(await get(`/${MARK}/${MARK}`, { ...headers, 'Accept-Language': 'nn' }), 404, 'Sida finst ikkje');
            await isPage(await get(`/${MARK}`, { ...headers, 'Accept-Language': 'en' }), 404, 'There is no such page');
        }
        const answer = await get(`/${MARK}`);
        assert.match(answer.headers.get('content-type'), /^text\/html/);
        assert.match(answer.headers.get('content-security-policy'), /default-src 'none'/);
        assert.equal((await fetch(`${it.url}/${MARK}`, { method: 'POST', body: MARK })).status, 404);
    });

    test('a site that is not one’s own is as one that is not there', async () => {
        const other = (await logIn(it.url, 'kari.nordmann@kommune.example.no', PASSWORD)).cookie;
        const [hidden, missing] = await Promise.all(['nytt.example', 'finnes.ikke'].map(async (site) => {
            const answer = await get(`/sites/${site}?lang=nb`, { Cookie: other });
            return { status: answer.status, text: await answer.text(), headers: [...answer.headers] };
        }));
        assert.equal(hidden.status, 404);
        assert.deepEqual(hidden, missing);
        await isPage(await get(`/sites/${MARK}`, { Cookie: other, 'Accept-Language': 'nb' }), 404, 'Siden finnes ikke');
    });

    test('an address that is cut', async () => {
        for (const query of [`period=%z${MARK}`, '%', `x=%00${MARK}`, 'path=%E6', `path=/${'a'.repeat(600)}`]) {
            await isPage(await get(`/sites/${STANDARD}?${query}`, { Cookie: cookie, 'Accept-Language': 'nb' }), 400, 'Adressen kan ikke leses');
            await isPage(await get(`/login?${query}`, { 'Accept-Language': 'en' }), 400, 'The address cannot be read');
        }
        assert.equal((await get(`/sites/finnes.ikke?%`, { Cookie: cookie })).status, 404, 'no site is told by it');
        assert.equal((await get(`/sites/${STANDARD}?%`)).status, 303, 'nor to nobody');
    });

    test('what may not be done', async () => {
        const other = (await logIn(it.url, 'kari.nordmann@kommune.example.no', PASSWORD)).cookie;
        await isPage(await get('/users', { Cookie: other, 'Accept-Language': 'nb' }), 403, 'Du har ikke tilgang til dette');
        const posted = await fetch(`${it.url}/access-log`, { method: 'POST', headers: { Cookie: cookie, Origin: it.url, 'Accept-Language': 'nb' }, body: MARK });
        assert.equal(posted.headers.get('allow'), 'GET, HEAD');
        await isPage(posted, 405, 'Slik kan ikke siden brukes');
        const foreign = await fetch(`${it.url}/users`, { method: 'POST', headers: { Cookie: cookie, Origin: 'https://evil.example', 'Accept-Language': 'nb' }, body: MARK });
        await isPage(foreign, 403, 'Du har ikke tilgang til dette');
    });

    test('what the server itself refuses: a page for people, a problem for programs', async () => {
        const head = (path, more = '') => `POST ${path} HTTP/1.1\r\nHost: c\r\nAccept-Language: en\r\nConnection: close\r\n${more}\r\n`;
        const parsed = ({ status, body }) => ({ status, body: Buffer.from(body, 'latin1').toString() });
        await isPage(parsed(await exchange(it.url, head('/users', 'Content-Length: 900000\r\n'))), 413, 'What you sent is too large');
        await isPage(parsed(await exchange(it.url, head(`/${'a'.repeat(3000)}`))), 414, 'Adressen kan ikke leses');
        await isPage(parsed(await exchange(it.url, `GET / HTTP/1.1\r\nHost: c\r\n${MARK}\u0001: x\r\n\r\n`)), 400, 'Forespørselen kan ikke leses');
        await isPage(parsed(await exchange(it.url, `GET / HTTP/1.1\r\nHost: c\r\nX: ${'a'.repeat(9000)}\r\n\r\n`)), 431, 'Forespørselen kan ikke leses');
        const api = await exchange(it.url, head('/api/v2/query', 'Content-Length: 900000\r\n'));
        assert.equal(api.status, 413);
        assert.match(api.head, /Content-Type: application\/problem\+json/);
        assert.equal(JSON.parse(api.body).status, 413);
        assert.match((await get('/api/x')).headers.get('content-type'), /^application\/problem\+json/);
        assert.match((await get('/api')).headers.get('content-type'), /^application\/problem\+json/);
    });

    test('looks as it should', async () => {
        const page = await pageAs('sjef');
        await page.goto(`${it.url}/finnes-ikke`);
        await looked(page, 'error');
        await page.context().close();
        const nobody = await pageAs(null);
        await nobody.goto(`${it.url}/finnes-ikke`);
        await looked(nobody, 'error-nobody');
        await nobody.context().close();
    });
});

describe('the command', () => {
    const user = (...words) => it.command(['user', 'add', ...words], 'kort\n');
    const lines = (errors) => errors.trim().split('\n').map((line) => line.replace('sporlos-aggregator: ', ''));

    test('says all that is wrong, a line each', async () => {
        const { status, errors } = await user('Per', '--role', 'konge', '--site', 'finnes.ikke');
        assert.notEqual(status, 0);
        assert.deepEqual(lines(errors).map((line) => line.split(/[:;]/)[0]).sort(), ['--role is one of reader, editor and administrator', 'Per', 'finnes.ikke', 'the password is shorter than 12 characters']);
    });

    test('gives sites by the rules of the form', async () => {
        assert.match((await user('ny', '--role', 'reader')).errors, /--site '\*' for all/);
        assert.match((await user('ny', '--role', 'reader', '--site', '*', '--site', STANDARD)).errors, /leave the others out/);
        assert.match((await user('ny', '--role', 'administrator', '--site', STANDARD)).errors, /an administrator has all sites/);
        assert.match((await user('leser', '--role', 'reader', '--site', '*')).errors, /leser: there is a user of that name already/);
        const good = await it.command(['user', 'add', 'ny', '--role', 'reader', '--site', STANDARD, '--site', STANDARD], `${PASSWORD}\n`);
        assert.equal(good.status, 0, good.errors);
        assert.match((await it.command(['user', 'list'])).output, new RegExp(`^ny\treader\t${STANDARD.replaceAll('.', '\\.')}$`, 'm'));
    });

    test('repeats nothing that a terminal would obey', async () => {
        const { errors } = await user('\u001b[31mPer', '--role', 'reader', '--site', '\u001b]0;x\u0007');
        assert.doesNotMatch(errors, /[\u001b\u0007]/);
        assert.equal(lines(errors).length, 3);
    });
});
