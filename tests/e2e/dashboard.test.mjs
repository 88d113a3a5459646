// The dashboard as people use it: every screen in a real browser, light and dark, wide and narrow, without a script, by
// keyboard, on paper. Pictures of all of them are left in .work/dashboard for people to look at.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { chromiumOnly, IS_FIREFOX, launchBrowser, pictureFolder } from './support/browser.mjs';
import { BUILD, run, until } from './support/process.mjs';
import { ALIKE, EMPTY, everyScreen, findGazetteer, seedArchive, SITES, STANDARD, statusOf } from './support/screens.mjs';
import { startStack } from './support/stack.mjs';

const BUDGET = 25 * 1024; // bytes of a page and its style sheet, compressed
const WIDTHS = [1200, 390];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const config = (gazetteer) => `
geo:
  databases: []
  gazetteer: "${gazetteer}"
sites:${SITES}`;

let stack, browser, context, link, pictures;

const address = (path) => stack.AGGREGATOR_URL + path;

async function logIn(into) {
    const page = await into.newPage();
    await page.goto(address('/login?lang=nb'));
    await page.fill('[name=name]', stack.ADMIN_USER);
    await page.fill('[name=password]', stack.ADMIN_PASSWORD);
    await page.click('main button');
    await page.waitForURL((url) => !url.pathname.startsWith('/login'));
    return page;
}

function newContext(options = {}) {
    return browser.newContext({ locale: 'nb-NO', reducedMotion: 'reduce', ...options });
}

before(async () => {
    pictures = await pictureFolder('dashboard');
    const gazetteer = await findGazetteer(pictures);
    stack = await startStack({ config: config(gazetteer), prepare: (directory) => seedArchive(join(directory, 'archive.db'), gazetteer) });
    browser = await launchBrowser();
    context = await newContext();
    const page = await logIn(context);
    await page.goto(address(`/sites/${STANDARD}/share`));
    await page.fill('input[name=label]', 'Styret');
    await page.locator('form:has(input[name=label]) button').click();
    link = (await page.locator('.note pre').innerText()).trim().replace(/^https?:\/\/[^/]+/, '');
    await page.close();
});

after(async () => {
    await browser?.close();
    await stack?.stop();
});

// Which rules of WCAG 2.1 A and AA, and of good practice, the page breaks.
async function violations(page) {
    const { violations: found } = await page.evaluate(() =>
        globalThis.axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }, resultTypes: ['violations'], preload: false }),
    );
    return found.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

// The order of start tags in the source, as the browser must have understood it: what it had to mend stands out.
const TAG = /<([a-z][a-z0-9]*)(?:\s(?:[^>"]|"[^"]*")*)?>/g;

async function checkScreen(page, name) {
    const problems = [];
    for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        for (const colorScheme of ['light', 'dark']) {
            const where = `${name} ${width} ${colorScheme}`;
            await page.emulateMedia({ colorScheme });
            await page.evaluate(() => document.querySelectorAll('main details').forEach((details) => (details.open = false)));
            await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
            if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) problems.push(`${where}: scrolls sideways`);
            // With everything unfolded, so that nothing is left unlooked at.
            await page.evaluate(() => document.querySelectorAll('main details').forEach((details) => (details.open = true)));
            for (const violation of await violations(page)) problems.push(`${where}: ${violation}`);
        }
    }
    return problems;
}

describe('every screen', () => {
    for (const [name, pattern] of everyScreen('LINK').filter(([one]) => !ALIKE.has(one))) {
        test(name, async () => {
            const page = await context.newPage();
            const path = pattern.replace('LINK', link);
            const problems = [];
            page.on('console', (message) => ['error', 'warning'].includes(message.type()) && problems.push(`${message.text()} ${message.location().url}`));
            const answer = await page.goto(address(path));
            const source = await answer.text();
            const written = [...source.matchAll(TAG)].map((match) => match[1]);
            assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('*')].map((element) => element.localName)), withCopyButtons(written, await page.locator('button.copy').count()));
            assert.deepEqual(await page.evaluate(() => {
                const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
                return ids.filter((id, i) => ids.indexOf(id) !== i);
            }), []);
            await page.evaluate(axe);
            problems.push(...(await checkScreen(page, name)));
            await page.close();
            assert.deepEqual(problems.filter((text) => !(answer.status() >= 400 && text.includes(String(answer.status())) && text.endsWith(address(path)))), []);
            assert.equal(answer.status(), statusOf(name));
        });
    }
});

// The one script adds a button after each <pre>.
function withCopyButtons(tags, count) {
    if (count === 0) return tags;
    const result = [...tags];
    for (let i = result.length - 1; i >= 0; i--) if (result[i] === 'code' && result[i - 1] === 'pre') result.splice(i + 1, 0, 'button');
    return result;
}

test('a full overview with its style sheet keeps to its weight', async () => {
    const page = await context.newPage();
    const sizes = {};
    for (const query of ['', '?period=12m&margins=1']) {
        const html = await (await page.goto(address(`/sites/${STANDARD}${query}`))).text();
        const style = await page.getAttribute('link[rel=stylesheet]', 'href');
        const css = await context.request.get(address(style), { headers: { 'Accept-Encoding': 'gzip' } });
        assert.equal(css.headers()['content-encoding'], 'gzip');
        sizes[query || 'default'] = gzipSync(html, { level: 6 }).length + gzipSync(await css.body(), { level: 9 }).length;
    }
    console.log(`bytes compressed: ${JSON.stringify(sizes)}`);
    for (const size of Object.values(sizes)) assert.ok(size <= BUDGET, `${size} bytes`);
    await page.close();
});

test('the keyboard reaches everything, sees where it is, and reads off a chart with its arrows', async () => {
    const page = await context.newPage();
    await page.setViewportSize({ width: 1200, height: 900 });
    await page.goto(address(`/sites/${STANDARD}`));
    const met = [];
    for (let i = 0; i < 150; i++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
            const element = document.activeElement;
            if (element === document.body) return null;
            const { width, height } = element.getBoundingClientRect();
            const sum = element.closest('.map') && element.querySelector('.sum');
            const county = sum && { said: sum.textContent, visibility: getComputedStyle(sum).visibility, symbol: getComputedStyle(element.querySelector('circle')).strokeWidth };
            return { county, name: element.localName, group: element.name ?? '', text: (element.ariaLabel ?? element.textContent).trim(), seen: width > 0 && height > 0 };
        });
        if (!at) break;
        met.push(at);
        if (at.group === 'trend') {
            await page.keyboard.press('ArrowRight');
            await page.keyboard.press('ArrowRight');
            const tip = page.locator('.reader input:focus ~ span').first();
            assert.match(await tip.textContent(), /\d|:/);
            assert.equal(await tip.evaluate((element) => getComputedStyle(element).opacity), '1');
        }
    }
    assert.ok(met.length < 140, 'the walk comes to its end');
    assert.deepEqual(met.filter(({ seen }) => !seen), []);
    assert.equal(met[0].text, 'Hopp til innholdet');
    assert.equal(met.filter(({ group }) => group === 'trend').length, 1, 'one stop for the chart');
    // The symbols of the map, county by county: each is a stop, and in focus says its name and its sum.
    const counties = met.map(({ county }) => county).filter(Boolean);
    assert.equal(counties.length, await page.locator('.map a').count());
    assert.ok(counties.length >= 2, `${counties.length} counties`);
    assert.equal(new Set(counties.map(({ said }) => said)).size, counties.length);
    for (const { said, visibility, symbol } of counties) {
        assert.match(said, /^\p{Lu}.*\D: [\d\u202f]+$/u);
        assert.equal(visibility, 'visible', said);
        assert.equal(symbol, '2px', said);
    }
    for (const [sums, places] of await page.locator('.map a').evaluateAll((all) => all.map((one) => [one.querySelectorAll('.sum').length, one.querySelectorAll('circle').length]))) {
        assert.equal(sums, 1);
        assert.ok(places >= 1);
    }
    assert.equal(await page.locator('.map circle').count(), await page.locator('.map a circle').count(), 'no symbol is out of reach');
    for (const text of ['Oversikt', 'Innstillinger', 'Vis', 'Vis som tabell', 'GeoNames', '/demens'])
        assert.ok(met.some((at) => at.text === text), text);
    await page.close();
});

test('without a script: log in, choose days, drill down, note something and take it back', async () => {
    const plain = await newContext({ javaScriptEnabled: false });
    const page = await logIn(plain);
    await page.goto(address(`/sites/${STANDARD}?lang=nb`));
    await page.selectOption('#period', '7d');
    await page.selectOption('#compare', 'year');
    await page.click('.choose button');
    assert.match(page.url(), /period=7d/);
    assert.match(await page.textContent('.dates'), /sammenlignet med/);
    await page.click('a:text-is("/demens")');
    assert.equal(await page.textContent('h1'), '/demens');
    assert.match(page.url(), /period=7d/);
    await page.goto(address(`/sites/${STANDARD}?lang=nb`));
    await page.click('summary:text("Legg til en merknad")');
    await page.fill('[name=text]', 'Ny <b>forside</b> & "kampanje"');
    await page.click('.mark button');
    assert.match(await page.textContent('ol.marks'), /Ny <b>forside<\/b> & "kampanje"/);
    assert.equal(await page.locator('.chart .marks circle').count(), 1);
    await page.click('ol.marks button');
    assert.equal(await page.locator('ol.marks').count(), 0);
    await page.click('a:text("Vis usikkerhet")');
    assert.match(await page.textContent('.figures'), /±/);
    await plain.close();
});

test('on paper: no menu, no forms, and a PDF', chromiumOnly('it makes the PDF'), async () => {
    const page = await context.newPage();
    await page.goto(address(`/sites/${STANDARD}`));
    await page.emulateMedia({ media: 'print' });
    for (const gone of ['.top', '.choose', '.reader', '.mark']) assert.equal(await page.locator(gone).first().isVisible(), false, gone);
    assert.ok(await page.locator('.chart').first().isVisible());
    const pdf = await page.pdf({ format: 'A4', path: join(pictures, 'overview.pdf') });
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    const pages = [...pdf.toString('latin1').matchAll(/\/Type\s*\/Page\b/g)].length;
    assert.ok(pages >= 1 && pages <= 4, `${pages} pages`);
    await page.close();
});

test('a hidden number says why, under the pointer and in focus', async () => {
    const page = await context.newPage();
    await page.goto(address(`/sites/${STANDARD}`));
    await page.locator('.trend summary').first().hover(); // which waits for a frame: Chromium drops keys before the first
    await page.locator('.trend summary').first().press('Enter');
    const hidden = page.locator('.trend .hid').first();
    await hidden.waitFor({ state: 'visible' });
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => document.activeElement === document.querySelector('.trend .hid'), null, { timeout: 5000 });
    assert.match(await hidden.getAttribute('aria-label'), /^Skjult: under 10/);
    assert.match(await hidden.evaluate((element) => getComputedStyle(element, '::after').content), IS_FIREFOX ? /^attr\(aria-label\)$/ : /Skjult: under 10/);
    await hidden.press('Enter');
    assert.match(page.url(), /#hidden$/);
    assert.match(await page.textContent('#hidden'), /kolon/);
    await page.close();
});

test('the numbers of the screen as files', async () => {
    const page = await context.newPage();
    await page.goto(address(`/sites/${STANDARD}/reports?period=12m`));
    const links = await page.locator('.downloads a').evaluateAll((all) => all.map((link) => link.href));
    assert.ok(links.length >= 40, `${links.length} files`);
    for (const link of links.filter((href) => /table=(page|municipality|scroll)&/.test(href))) {
        const answer = await context.request.get(link);
        assert.equal(answer.status(), 200, link);
        assert.match(answer.headers()['content-disposition'], /^attachment; filename="parorendesenteret\.example-/);
        const text = await answer.text();
        if (link.includes('form=csv')) assert.match(text, /^\ufeff[^\n]*;/);
        else if (link.includes('form=svg')) assert.match(text, /<svg xmlns=/);
        else assert.equal(JSON.parse(text).version, '2.0');
    }
    assert.match(await (await context.request.get(links.find((href) => /table=page&form=csv/.test(href)))).text(), /\/demens/);
    await page.close();
});

test('the three languages', async () => {
    const page = await context.newPage();
    for (const [tag, word] of [['nb', 'Tilbakemeldinger'], ['nn', 'Tilbakemeldingar'], ['en', 'Feedback']]) {
        await page.goto(address(`/sites/${STANDARD}/feedback?lang=${tag}`));
        assert.equal(await page.getAttribute('html', 'lang'), tag);
        assert.equal(await page.textContent('h1'), word);
    }
    await page.close();
});

test('the settings wait for a beacon, and say when it has come', async () => {
    const page = await context.newPage();
    await page.goto(address(`/sites/${STANDARD}/settings`));
    const line = await page.textContent('pre');
    assert.match(line, new RegExp(`^<script defer src=".*/s.js" data-site="${STANDARD}" data-search="sok"></script>$`));
    const printed = await run(`${BUILD}/bin/sporlos-collector`, ['--config', join(stack.directory, 'sporlos.yaml'), '--print-snippet', STANDARD]);
    assert.equal(printed.split('\n')[1], line.replace('https://…', 'https://COLLECTOR'), 'both programs give the same line');
    await page.click('a:text("Test at det virker")');
    assert.match(await page.textContent('[role=status]'), /Venter/);
    assert.equal((await page.reload()).headers().refresh, '10');
    const beacon = { method: 'POST', headers: { Origin: `https://${STANDARD}`, 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
        body: `s=${STANDARD}&u=/&n=1` };
    await until('the beacon', async () => {
        const { status } = await fetch(`${stack.COLLECTOR_URL}/b`, beacon);
        assert.equal(status, 204);
        await page.reload();
        return /Det virker/.test(await page.textContent('[role=status]'));
    }, { timeoutMs: 120_000, everyMs: 1000 });
    assert.match(await page.textContent('.said'), /Siste sidevisning kom i dag kl\. \d\d:\d\d/);
    await page.close();
});
