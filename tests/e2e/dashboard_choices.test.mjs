// What an editor chooses on a screen: days of one's own, the rows of a long list. Without a script, in a real browser.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launchBrowser } from './support/browser.mjs';
import { findGazetteer, RESTRICTED, seedArchive, SITES, STANDARD } from './support/screens.mjs';
import { startStack } from './support/stack.mjs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';

let stack, browser, context, page, folder;

const address = (path) => stack.AGGREGATOR_URL + path;
const dayBack = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sporlos-choices-'));
    const gazetteer = await findGazetteer(folder);
    stack = await startStack({
        config: `\ngeo:\n  databases: []\n  gazetteer: "${gazetteer}"\nsites:${SITES}`,
        prepare: (directory) => seedArchive(join(directory, 'archive.db'), gazetteer),
    });
    browser = await launchBrowser();
    context = await browser.newContext({ locale: 'nb-NO', reducedMotion: 'reduce', javaScriptEnabled: false });
    page = await context.newPage();
    await page.goto(address('/login?lang=nb'));
    await page.fill('[name=name]', stack.ADMIN_USER);
    await page.fill('[name=password]', stack.ADMIN_PASSWORD);
    await page.click('main button');
    await page.waitForURL((url) => !url.pathname.startsWith('/login'));
});

after(async () => {
    await browser?.close();
    await stack?.stop();
    await rm(folder, { recursive: true, force: true });
});

// Where the parts of each key figure stand, by the row of cards that it is in; and whether anything is cut off.
function readCards(unchanged) {
    const cards = [...document.querySelectorAll('.figures > div')];
    const top = (element) => element && Math.round(element.getBoundingClientRect().top);
    // The first card says it in as many words as it ever does.
    const tag = document.querySelector('.figures .ds-tag');
    if (tag) tag.textContent = unchanged;
    return cards.map((card) => ({
        row: top(card),
        value: top(card.querySelector('.value')),
        change: top(card.querySelector('.change')),
        from: card.querySelector('.change') && top(card.querySelector('.unit')),
        cut: card.scrollWidth > card.clientWidth + 1,
        text: card.innerText,
    }));
}

test('key figures stand in step, whatever their words and the width', async () => {
    const unchanged = { nb: 'omtrent uendret', nn: 'om lag uendra', en: 'about the same' };
    for (const [lang, words] of Object.entries(unchanged)) {
        for (const width of [1200, 800, 390]) {
            await page.setViewportSize({ width, height: 900 });
            await page.goto(address(`/sites/${STANDARD}?lang=${lang}`));
            const cards = await page.evaluate(readCards, words);
            assert.ok(cards.length >= 5, `${cards.length} cards`);
            assert.ok(cards.filter(({ change }) => change).length >= 2);
            for (const row of new Set(cards.map((card) => card.row))) {
                const inRow = cards.filter((card) => card.row === row);
                for (const part of ['value', 'change', 'from']) {
                    const tops = new Set(inRow.map((card) => card[part]).filter((at) => at !== null));
                    assert.ok(tops.size <= 1, `${lang} ${width}: ${part} at ${[...tops]}`);
                }
            }
            assert.deepEqual(cards.filter(({ cut }) => cut), [], `${lang} ${width}`);
        }
    }
    await page.setViewportSize({ width: 1200, height: 900 });
});

test('days of one\'s own: chosen, carried on, and in the files', async () => {
    const [from, to] = [dayBack(60), dayBack(33)];
    await page.goto(address(`/sites/${STANDARD}?lang=nb`));
    assert.equal(await page.isVisible('#from'), false, 'only for days of one\'s own');
    await page.selectOption('#period', 'custom');
    assert.equal(await page.isVisible('#from'), true);
    await page.fill('#from', from);
    await page.fill('#to', to);
    await page.click('.choose button');
    const range = `period=custom&from=${from}&to=${to}`;
    assert.ok(page.url().includes(range), page.url());
    assert.equal(await page.inputValue('#from'), from);
    assert.ok(await page.isVisible('#to'));
    assert.match(await page.textContent('.dates'), /sammenlignet med/);
    for (const link of ['a:text-is("Innhold")', 'a:text-is("/demens")', 'nav.languages a >> nth=1', 'a:text-is("Vis usikkerhet")'])
        assert.ok((await page.getAttribute(link, 'href')).includes(range), link);
    await page.goto(address(`/sites/${STANDARD}/reports?lang=nb&${range}`));
    const files = await page.locator('.downloads a').evaluateAll((all) => all.map((link) => link.href));
    assert.ok(files.length >= 40, `${files.length} files`);
    assert.deepEqual(files.filter((file) => !file.includes(range)), []);
    const ofPages = files.filter((file) => /table=page&/.test(file));
    assert.equal(ofPages.length, 3);
    for (const file of ofPages) {
        const answer = await context.request.get(file);
        assert.equal(answer.status(), 200, file);
        assert.match(answer.headers()['content-disposition'], new RegExp(`-page-${from}-${to}\\.(csv|json|svg)"$`));
    }
    await page.goto(address(`/sites/${STANDARD}?lang=nb&${range}`));
    const total = (await page.locator('.figures > div:nth-child(2) .value').innerText()).replace(/\D/g, '');
    const csv = await (await context.request.get(files.find((file) => /table=total&form=csv/.test(file)))).text();
    const values = csv.trim().split(/\r?\n/).slice(1).map((line) => line.split(';'));
    assert.equal(values.length, 28, 'a line a day');
    assert.equal(values.reduce((sum, cells) => sum + cells.map((cell) => cell.replaceAll('"', '')).filter((cell) => /^\d+$/.test(cell)).map(Number)[0], 0), Number(total), 'the file holds what the screen shows');
});

test('a public link is of the days that it was made on', async () => {
    const range = `period=custom&from=${dayBack(60)}&to=${dayBack(33)}&compare=none`;
    await page.goto(address(`/sites/${STANDARD}/reports?lang=nb&${range}`));
    await page.click('a:text("E-post, lenker og innbygging")');
    await page.fill('input[name=label]', 'Styret');
    await page.locator('form:has(input[name=label]) button').click();
    const link = (await page.locator('.note pre').innerText()).trim().replace(/^https?:\/\/[^/]+/, '');
    assert.ok(link.endsWith(`?${range}`), link);
    assert.ok((await page.getAttribute('.tabs a:text-is("Innhold")', 'href')).includes(range));
    const stranger = await browser.newContext({ javaScriptEnabled: false });
    const shown = await stranger.newPage();
    await shown.goto(address(link));
    assert.equal(await shown.inputValue('#from'), dayBack(60));
    assert.doesNotMatch(await shown.textContent('.dates'), /sammenlignet|compared/);
    await stranger.close();
    await page.goto(address(`/sites/${STANDARD}/share`)); // without a choice there is none in the link
    await page.fill('input[name=label]', 'Styret igjen');
    await page.locator('form:has(input[name=label]) button').click();
    assert.match((await page.locator('.note pre').innerText()).trim(), /\/public\/[\w-]{22}$/);
});

test('days that cannot be: said in words, kept in the form, and no file of other days', async () => {
    const cases = [
        [dayBack(10), dayBack(20), /slutter før den begynner/],
        [dayBack(10), dayBack(-3), /ikke er ferdig talt\. Siste dag med tall er/],
        ['2010-01-01', dayBack(2), /for lang: den kan være høyst 3.660 dager/],
        [dayBack(2000), dayBack(1900), /Første dag med tall er/],
        ['', dayBack(2), /mangler en dato/],
    ];
    for (const [from, to, why] of cases) {
        await page.goto(address(`/sites/${STANDARD}/content?lang=nb`));
        await page.selectOption('#period', 'custom');
        await page.fill('#from', from);
        await page.fill('#to', to);
        const [answer] = await Promise.all([page.waitForNavigation(), page.click('.choose button')]);
        assert.equal(answer.status(), 400);
        assert.match(await page.textContent('[role=alert]'), why);
        assert.equal(await page.inputValue('#from'), from);
        assert.equal(await page.inputValue('#to'), to);
        assert.ok(await page.isVisible('#from'));
        assert.equal(await page.locator('main table').count(), 0, 'no numbers of other days');
        const file = await context.request.get(address(`/sites/${STANDARD}/export?table=total&form=csv&period=custom&from=${from}&to=${to}`));
        assert.equal(file.status(), 400);
        const frame = await context.request.get(address(`/embed/${STANDARD}?period=custom&from=${from}&to=${to}`));
        assert.equal(frame.status(), 400);
        assert.doesNotMatch(await frame.text(), /<table/);
    }
    await page.selectOption('#period', '7d'); // what stands in the hidden fields is in nobody's way
    await page.click('.choose button');
    assert.ok((await page.locator('main table').count()) > 0);
});

test('a restricted site has whole months for what it counts by months, and says so', async () => {
    await page.goto(address(`/sites/${RESTRICTED}?lang=nb&period=custom&from=${dayBack(100)}&to=${dayBack(95)}`));
    assert.match(await page.textContent('section:has(#page)'), /Finnes bare for hele måneder/);
    const file = await context.request.get(address(`/sites/${RESTRICTED}/export?table=page&form=csv&period=custom&from=${dayBack(100)}&to=${dayBack(95)}`));
    assert.equal(file.status(), 404);
    assert.match(await file.text(), /bare for hele måneder/);
});

test('a long list: filtered by what is typed, which is nothing but text', async () => {
    await page.goto(address(`/sites/${STANDARD}/content?lang=nb&period=90d`));
    const all = await page.locator('section:has(#page) tbody tr').count();
    await page.fill('section:has(#page) [name=q]', 'DEMENS');
    await page.click('section:has(#page) .filter button');
    assert.match(page.url(), /period=90d.*list=page&q=DEMENS#page$/);
    const names = await page.locator('section:has(#page) tbody th').allInnerTexts();
    assert.ok(names.length >= 2 && names.length < all, `${names.length} of ${all}`);
    assert.deepEqual(names.filter((name) => !name.includes('demens')), []);
    assert.match(await page.textContent('section:has(#page) [role=status]'), new RegExp(`^${names.length} av ${all} rader inneholder «DEMENS»`));
    await page.selectOption('#period', '28d'); // other days, the same rows
    await page.click('.choose button');
    assert.equal(await page.inputValue('section:has(#page) [name=q]'), 'DEMENS');
    await page.click('section:has(#page) [role=status] a');
    assert.equal(await page.locator('section:has(#page) [role=status]').count(), 0);
    const hostile = '"><img src=x onerror=alert(1)>';
    await page.fill('section:has(#page) [name=q]', hostile);
    await page.click('section:has(#page) .filter button');
    assert.equal(await page.inputValue('section:has(#page) [name=q]'), hostile);
    assert.ok((await page.textContent('section:has(#page) [role=status]')).includes(`0 av`));
    assert.equal(await page.locator('main img').count(), 0);
});

test('a point of a chart that was touched stays read off', async () => {
    await page.goto(address(`/sites/${STANDARD}?lang=nb`));
    const point = page.locator('.trend .reader label').nth(3);
    await point.locator('input').check({ force: true });
    await page.mouse.move(2, 2);
    await page.locator('h1').click();
    assert.ok(await point.locator('input').isChecked());
    assert.equal(await point.locator('span').evaluate((span) => getComputedStyle(span).opacity), '1');
    assert.equal(await page.locator('.trend .reader label').nth(5).locator('span').evaluate((span) => getComputedStyle(span).opacity), '0');
});

test('the privacy screen fills its width, and names every table once', async () => {
    await page.setViewportSize({ width: 1200, height: 900 });
    const tables = [];
    for (const site of [STANDARD, RESTRICTED]) {
        await page.goto(address(`/sites/${site}/privacy?lang=nb`));
        const { width, boxes } = await page.evaluate(() => ({
            width: document.querySelector('main .grid').getBoundingClientRect().width,
            boxes: [...document.querySelectorAll('main .grid > *')].map((card) => {
                const { top, bottom, width: wide } = card.getBoundingClientRect();
                const content = Math.max(...[...card.children].map((child) => child.getBoundingClientRect().bottom));
                return { top, width: wide, empty: bottom - content };
            }),
        }));
        for (const top of new Set(boxes.map((box) => box.top))) {
            const row = boxes.filter((box) => box.top === top);
            assert.ok(row.reduce((sum, box) => sum + box.width, 0) > width * 0.95, 'each row reaches from side to side');
        }
        for (const { empty } of boxes) assert.ok(empty < 110, `${empty} px of a card are empty`);
        tables.push(await page.locator('.facts span').allInnerTexts());
    }
    assert.equal(new Set(tables[0]).size, tables[0].length);
    assert.deepEqual([...tables[0]].sort(), [...tables[1]].sort(), 'what the one counts and what it does not are the same for both');
});
