// The screens on paper: what Chromium prints, read by pdftotext (poppler). Nothing is cut, no menu is on it, the site is named.
//   the PDFs and pictures of their pages: .work/paper
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { logIn, startAggregator } from './support/aggregator.mjs';
import { launchBrowser, pictureFolder } from './support/browser.mjs';
import { run } from './support/process.mjs';
import { findGazetteer, RESTRICTED, seedArchive, SITES, STANDARD } from './support/screens.mjs';

const PASSWORD = 'riktig hest batteri stift';
const [A4_WIDTH, A4_HEIGHT, MARGIN] = [595, 842, 30]; // points; the sheet's own margin is 14 mm, 39 points

let it, browser, page, pictures;

before(async () => {
    pictures = await pictureFolder('paper');
    const gazetteer = await findGazetteer(pictures);
    it = await startAggregator({
        sites: SITES,
        options: `geo: {databases: [], gazetteer: "${gazetteer}"}\n`,
        prepare: async (one) => {
            await seedArchive(one.archive, gazetteer);
            const { status, errors } = await one.command(['user', 'add', 'sjef', '--role', 'administrator'], PASSWORD);
            assert.equal(status, 0, errors);
        },
    });
    const { cookie } = await logIn(it.url, 'sjef', PASSWORD);
    const [name, value] = cookie.split('=');
    browser = await launchBrowser();
    const context = await browser.newContext({ locale: 'nb-NO' });
    await context.addCookies([{ name, value, url: it.url }]);
    page = await context.newPage();
});

after(async () => {
    await browser?.close();
    await it?.stop();
});

// Words of each page with their boxes, in points: {number, width, height, words: [{text, x0, y0, x1, y1}]}.
async function print(name, path, colorScheme = 'light') {
    const file = join(pictures, `${name}.pdf`);
    await page.emulateMedia({ colorScheme });
    await page.goto(it.url + path);
    const expected = await page.evaluate(() => ({ cells: [...document.querySelectorAll('main :is(td, th, .facts li)')].length, heading: document.querySelector('h1').innerText }));
    await page.pdf({ path: file, preferCSSPageSize: true, tagged: true });
    await run('pdftoppm', ['-r', '60', '-png', file, join(pictures, name)]);
    const layout = await run('pdftotext', ['-bbox', file, '-']);
    const number = (attributes, key) => Number(new RegExp(`${key}="([\\d.-]+)"`).exec(attributes)[1]);
    const pages = layout.split('<page ').slice(1).map((text) => ({
        width: number(text, 'width'),
        height: number(text, 'height'),
        words: [...text.matchAll(/<word ([^>]*)>([^<]*)<\/word>/g)].map(([, box, word]) => ({ text: word, x0: number(box, 'xMin'), y0: number(box, 'yMin'), x1: number(box, 'xMax'), y1: number(box, 'yMax') })),
    }));
    const text = await run('pdftotext', ['-layout', file, '-']);
    return { ...expected, pages, text };
}

const SHEETS = [
    ['overview', `/sites/${STANDARD}?lang=nb`, [STANDARD, 'Besøk per dag', 'Mest leste sider', '/demens/avlastning', 'Oslo', 'Søkemotorer', 'Slik leser du tallene'], 3],
    ['content', `/sites/${STANDARD}/content?lang=nb`, [STANDARD, 'Innhold', '/demens/avlastning', 'Rettigheter', 'avlastning', 'Slik leser du tallene'], 3],
    ['searches', `/sites/${STANDARD}/searches?lang=nn`, [STANDARD, 'Søk'], 2],
    ['privacy', `/sites/${STANDARD}/privacy?lang=en`, [STANDARD, 'What this site measures', 'How many times each page was viewed', 'Which of the site\'s own events several set off'], 2],
    ['restricted', `/sites/${RESTRICTED}?lang=nb`, [RESTRICTED, 'Besøk per dag', '/sorg'], 2],
];
// Of menus, forms and what only a screen can do.
const SCREEN_ONLY = /Innstillinger|Innstillingar|Settings|Logg ut|Log out|Brukere|Brukarar|Vis som tabell|Vis usikkerhet|Sammenlign med|Samanlikn med|Legg til en merknad|Hopp til|Skip to/;

describe('on paper', () => {
    for (const [name, path, wanted, most] of SHEETS) {
        test(name, async () => {
            const { pages, text, cells } = await print(name, path);
            assert.ok(pages.length >= 1 && pages.length <= most, `${pages.length} pages`);
            for (const one of wanted) assert.ok(text.includes(one), `'${one}' in ${text}`);
            assert.doesNotMatch(text, SCREEN_ONLY);
            assert.doesNotMatch(text, /·\s*$/m, 'no separator before what is not there');
            assert.ok(cells > 10, 'control: there are tables, or facts');
            for (const { width, height, words } of pages) {
                assert.ok(Math.abs(width - A4_WIDTH) <= 1 && Math.abs(height - A4_HEIGHT) <= 1, `${width} x ${height}`);
                assert.ok(words.length > 5, 'no empty page');
                for (const { text: word, x0, y0, x1, y1 } of words)
                    assert.ok(x0 >= MARGIN && x1 <= A4_WIDTH - MARGIN && y0 >= MARGIN && y1 <= A4_HEIGHT - MARGIN, `'${word}' at ${x0} ${y0} ${x1} ${y1}`);
            }
        });
    }

    // Every row of every list that is open on the screen is on the sheet, whole: its number with it.
    test('no row is lost', async () => {
        const { text } = await print('rows', `/sites/${STANDARD}/content?lang=nb&period=12m`);
        const rows = await page.locator('main table.rank:visible tbody tr').evaluateAll((all) => all.map((row) => [...row.querySelectorAll('th, td')].slice(0, 2).map((cell) => cell.textContent.trim())));
        assert.ok(rows.length > 20, `control: ${rows.length} rows`);
        const plain = (string) => string.replace(/[\s\u00a0\u202f]/g, '');
        const lines = text.split('\n').map(plain);
        for (const [key, value] of rows) assert.ok(lines.some((line) => line.includes(plain(key))) && plain(text).includes(plain(value)), `${key} ${value}`);
    });

    test('from a dark screen, on white', async () => {
        const light = await print('light', `/sites/${STANDARD}?lang=nb`);
        const dark = await print('dark', `/sites/${STANDARD}?lang=nb`, 'dark');
        assert.equal(dark.text, light.text);
        const shade = async (name) => {
            const picture = await run('sh', ['-c', `pdftoppm -r 20 -gray -f 1 -l 1 ${join(pictures, name)}.pdf | tail -c +20 | od -An -v -tu1 | awk '{ for (i = 1; i <= NF; i++) { sum += $i; n++ } } END { print sum / n }'`]);
            return Number(picture);
        };
        assert.ok((await shade('light')) > 230, 'control: white paper');
        assert.ok(Math.abs((await shade('light')) - (await shade('dark'))) < 0.5, `${await shade('dark')} of 255`);
    });
});
