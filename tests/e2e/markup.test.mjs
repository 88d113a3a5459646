// Every screen as the standard of HTML wants it, in three languages, judged by html-validate on the bytes that are sent: what a browser
// mends in silence is a fault here.
//   LOOK=1: names every fault, not the first of each rule and page
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { logIn, startAggregator } from './support/aggregator.mjs';
import { routeList } from './support/routes.mjs';
import { EMPTY, everyScreen, findGazetteer, RESTRICTED, seedArchive, SITES, STANDARD, statusOf } from './support/screens.mjs';

const PASSWORD = 'riktig hest batteri stift';
const LANGUAGES = ['nb', 'nn', 'en'];
const dayBack = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const OWN_DAYS = `period=custom&from=${dayBack(40)}&to=${dayBack(34)}`;

const validator = new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: {
        'aria-label-misuse': ['error', { allowAnyNamable: true }], // ARIA lets a list have a name, too
        'doctype-style': 'off', // the standard takes either case; lower case as all else is
        'form-dup-name': ['error', { shared: ['checkbox', 'radio', 'button', 'reset', 'submit'] }], // boxes of one name are sent as many
        'no-implicit-button-type': 'off', // a button in a form submits it, which is what each of ours is for
    },
});

let it, cookie, link, routes;

before(async () => {
    routes = await routeList();
    it = await startAggregator({
        sites: SITES,
        prepare: async (one) => {
            await seedArchive(one.archive, await findGazetteer(one.directory));
            const { status, errors } = await one.command(['user', 'add', 'sjef', '--role', 'administrator'], PASSWORD);
            assert.equal(status, 0, errors);
        },
    });
    cookie = (await logIn(it.url, 'sjef', PASSWORD)).cookie;
    const body = new URLSearchParams({ action: 'link_add', label: 'Styret & «rådet»', days: '31' });
    const answer = await fetch(`${it.url}/sites/${STANDARD}/share`, { method: 'POST', headers: { Cookie: cookie, Origin: it.url }, body });
    link = /\/public\/[A-Za-z0-9_-]{22}/.exec(await answer.text())[0];
    const day = new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10);
    const note = await fetch(`${it.url}/sites/${STANDARD}/annotations`, { method: 'POST', redirect: 'manual', headers: { Cookie: cookie, Origin: it.url }, body: new URLSearchParams({ text: 'Kampanje <b> & "mer"', day }) });
    assert.equal(note.status, 303);
});

after(() => it?.stop());

async function faultsOf(path, status = 200) {
    const answer = await fetch(it.url + path, { headers: { Cookie: path.startsWith('/login') ? '' : cookie } });
    routes.visited('GET', path.split('?')[0], answer.status);
    assert.equal(answer.status, status, path);
    const { results } = await validator.validateString(await answer.text(), path);
    return results.flatMap(({ messages }) => messages.map(({ ruleId, message, line, column }) => `${ruleId}: ${message} (${path} ${line}:${column})`));
}

test('control: a fault would be found', async () => {
    const broken = '<!doctype html>\n<html lang="nb"><head><title>x</title></head><body><p><div id="a"></div></p><div id="a"></div><img></body></html>\n';
    const { results } = await validator.validateString(broken);
    const rules = new Set(results[0].messages.map(({ ruleId }) => ruleId));
    for (const rule of ['no-dup-id', 'element-required-attributes', 'close-order']) assert.ok(rules.has(rule), `${rule} of ${[...rules]}`);
});

describe('every screen is valid', () => {
    for (const language of LANGUAGES) {
        test(language, async () => {
            const faults = [];
            for (const [name, path] of everyScreen(link)) faults.push(...(await faultsOf(`${path}${path.includes('?') ? '&' : '?'}lang=${language}`, statusOf(name))));
            const rules = new Map(faults.map((fault) => [process.env.LOOK ? fault : fault.split(' (')[0], fault]));
            assert.deepEqual([...rules.values()], []);
        });
    }

    test('with everything that a choice can add', async () => {
        const faults = [];
        for (const site of [STANDARD, RESTRICTED, EMPTY])
            for (const choice of ['period=7d&compare=none', 'period=12m&compare=year&margins=1', 'period=90d&margins=1', 'period=yesterday', OWN_DAYS])
                faults.push(...(await faultsOf(`/sites/${site}?${choice}`)));
        for (const list of ['content?list=page&q=%22%3E%3Cb%3E', 'places?list=municipality&q=a&county=46', 'feedback?list=feedback&q=x'])
            faults.push(...(await faultsOf(`/sites/${STANDARD}/${list}`)));
        assert.deepEqual(faults, []);
    });

    test('no page is left out', () => {
        assert.deepEqual(routes.missing().filter((name) => name.startsWith('GET ') && !/ \/(api|popular|assets)|\.json$|\/export$/.test(name)), ['GET /public/**']); // as /public/x, which is there
    });
});
