// The report by e-mail through a real program: msmtp as sendmail, an SMTP server played by this file, the letter read by postal-mime and
// opened in Chromium. What msmtp makes of our lines is what any program would get.
//   pictures of the letter: .work/mail
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { domainToASCII } from 'node:url';
import { HtmlValidate } from 'html-validate';
import PostalMime from 'postal-mime';
import { hostileArchive, NOON_ZONE, orderReport, startAggregator } from './support/aggregator.mjs';
import { launchBrowser } from './support/browser.mjs';
import { ROOT, run, until } from './support/process.mjs';
import { findGazetteer, seedArchive, SITES, STANDARD } from './support/screens.mjs';

const NAME = 'blåbærsyltetøy-og-pårørende-i-ålesund.example';
const PICTURES = join(ROOT, '.work/mail');
const MSMTP = spawnSync('sh', ['-c', 'command -v msmtp'], { encoding: 'utf8' }).stdout.trim();

// As much of SMTP (RFC 5321) as msmtp speaks. letters: {to, bytes}, the bytes as they came, dots undone.
function startSmtp() {
    const letters = [];
    const server = createServer((socket) => {
        let [waiting, data, to] = ['', false, []];
        const say = (line) => socket.write(`${line}\r\n`);
        const obey = (line) => {
            const [verb] = line.toUpperCase().split(/[ :]/);
            if (verb === 'EHLO') say('250-sink\r\n250 8BITMIME');
            else if (verb === 'MAIL') (to = []), say('250 ok');
            else if (verb === 'RCPT') to.push(/<(.*)>/.exec(line)[1]), say('250 ok');
            else if (verb === 'DATA') (data = true), say('354 go on');
            else if (verb === 'QUIT') say('221 bye'), socket.end();
            else say('250 ok');
        };
        socket.setEncoding('latin1');
        socket.on('error', () => {});
        socket.on('data', (text) => {
            waiting += text;
            for (;;) {
                const end = data ? waiting.indexOf('\r\n.\r\n') : waiting.indexOf('\r\n');
                if (end < 0) return;
                const piece = waiting.slice(0, end);
                waiting = waiting.slice(end + (data ? 5 : 2));
                if (!data) obey(piece);
                else letters.push({ to, bytes: Buffer.from(`${piece}\r\n`.replace(/^\.\./gm, '.'), 'latin1') }), (data = false), say('250 taken');
            }
        });
        say('220 sink');
    });
    return new Promise((done) => server.listen(0, '127.0.0.1', () => done({ letters, port: server.address().port, stop: () => server.close() })));
}

let it, smtp, browser;

const sql = (text) => run('sqlite3', ['-cmd', '.timeout 5000', it.archive, text]);

before(async () => {
    assert.ok(MSMTP, 'msmtp is there');
    await mkdir(PICTURES, { recursive: true });
    smtp = await startSmtp();
    const directory = await mkdtemp(join(tmpdir(), 'sporlos-mail-'));
    const [settings, sendmail, strings] = ['msmtprc', 'sendmail', 'strings'].map((name) => join(directory, name));
    // What is named is called with two arguments and an empty environment; where it finds its settings is its own affair.
    await writeFile(settings, `account default\nhost 127.0.0.1\nport ${smtp.port}\nfrom statistikk@example.no\n`);
    await writeFile(sendmail, `#!/bin/sh\nexec ${MSMTP} -C ${settings} "$@"\n`);
    await chmod(sendmail, 0o700);
    await writeFile(strings, 'avlastning/når-du-trenger-det\nøkonomi/«stønad»\nå-være-pårørende\n.punktum\n');
    const gazetteer = await findGazetteer(directory);
    it = await startAggregator({
        directory,
        sites: `${SITES.replace('mode: standard', `mode: standard\n    timezone: ${NOON_ZONE}`)}  ${NAME}: {mode: standard, timezone: ${NOON_ZONE}}\n`,
        options: `  sendmail: ${sendmail}\n  mail_from: statistikk@example.no\n  public_url: https://statistikk.example.no\ngeo: {databases: [], gazetteer: "${gazetteer}"}\n`,
        prepare: async (one) => {
            await seedArchive(one.archive, gazetteer);
            await hostileArchive(one.archive, strings, domainToASCII(NAME));
        },
    });
    browser = await launchBrowser();
});

after(async () => {
    await browser?.close();
    await it?.stop();
    smtp?.stop();
    if (it) await rm(it.directory, { recursive: true });
});

// The letter that came to this address, once it has.
async function letterTo(address) {
    const { bytes } = await until(`a letter to ${address}`, () => smtp.letters.find((one) => one.to.includes(address)), { timeoutMs: 60_000 });
    return { raw: bytes.toString('latin1'), ...(await PostalMime.parse(bytes)) };
}

describe('a letter through a real program', () => {
    before(async () => {
        await orderReport(it, 'kari@example.no', '--site', STANDARD, '--language', 'nb');
        await orderReport(it, 'ola.aasen@example.no', '--site', domainToASCII(NAME), '--language', 'nn');
        await it.reload();
    });

    test('comes whole: both parts, and what it says of itself', async () => {
        const letter = await letterTo('kari@example.no');
        assert.match(letter.from.address ?? '', /^statistikk@example\.no$/);
        assert.equal(letter.from.name, 'Sporløs');
        assert.deepEqual(letter.to.map(({ address }) => address), ['kari@example.no']);
        assert.match(letter.subject, /^parorendesenteret\.example: uke \d+$/i);
        assert.match(letter.text, /Besøk: \d/);
        assert.match(letter.text, /Mest leste sider\n  \d[\d\s]*  \//);
        assert.ok(letter.text.includes(`https://statistikk.example.no/sites/${STANDARD}`));
        assert.match(letter.html, /<html lang="nb">/);
        const type = letter.headers.find(({ key }) => key === 'content-type').value;
        assert.match(type, /^multipart\/alternative/);
        const parts = [...letter.raw.matchAll(/^Content-Type: (text\/\w+; charset=utf-8)\r$/gm)].map((match) => match[1]);
        assert.deepEqual(parts, ['text/plain; charset=utf-8', 'text/html; charset=utf-8']);
    });

    test('keeps the letters of names, in the subject too', async () => {
        const letter = await letterTo('ola.aasen@example.no');
        assert.ok(letter.subject.startsWith(NAME), letter.subject);
        for (const text of [NAME, '/å-være-pårørende', '/økonomi/«stønad»', '/.punktum']) assert.ok(letter.text.includes(text), text);
        assert.ok(letter.html.includes('/å-være-pårørende'));
        assert.match(letter.html, /<html lang="nn">/);
    });

    test('has lines as SMTP wants them', async () => {
        for (const address of ['kari@example.no', 'ola.aasen@example.no']) {
            const { raw } = await letterTo(address);
            assert.ok(!/[^\r]\n|\r[^\n]/.test(raw), 'no bare line end');
            assert.ok(!/[^\r\n\x20-\x7e]/.test(raw), 'plain ASCII');
            // 998 bytes may be, 78 should (RFC 5322, 2.1.1); an identifier cannot be folded.
            assert.deepEqual(raw.split('\r\n').filter((line) => line.length > (/^Message-ID:/.test(line) ? 998 : 78)), []);
            const heads = raw.split('\r\n\r\n')[0].split(/\r\n(?! )/).map((line) => line.split(':')[0].toLowerCase());
            for (const name of ['from', 'to', 'subject', 'message-id', 'mime-version', 'auto-submitted', 'content-type', 'date'])
                assert.equal(heads.filter((head) => head === name).length, 1, name);
        }
    });

    test('goes to nobody else', async () => {
        assert.equal((await it.command(['report', 'add', 'a@b.no\nBcc: x@y.no', '--site', STANDARD, '--every', 'week'])).status, 1);
        await letterTo('kari@example.no');
        await letterTo('ola.aasen@example.no');
// What no form and no command takes, as if somebody had written it into the archive.
        await orderReport(it, 'ond@example.no', '--site', STANDARD);
        await sql("UPDATE account_report SET address = 'ond@example.no' || char(13, 10) || 'Bcc: tredje@example.no' WHERE address = 'ond@example.no'");
        await it.reload();
        await until('the refusal', () => it.events.includes('event=report_malformed'), { timeoutMs: 30_000 });
        assert.deepEqual(smtp.letters.map(({ to }) => to.join()).sort(), ['kari@example.no', 'ola.aasen@example.no']);
    });

    test('is valid HTML that fits a telephone, in light and dark', async () => {
        const { html } = await letterTo('kari@example.no');
        // Styles stand at each element and columns are tables, for this is what mail programs show.
        const validator = new HtmlValidate({ extends: ['html-validate:recommended'], rules: { 'doctype-style': 'off', 'no-inline-style': 'off', 'no-deprecated-attr': 'off', 'long-title': 'off', 'prefer-tbody': 'off' } });
        const { results } = await validator.validateString(html);
        assert.deepEqual(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)), []);
        const asked = [];
        for (const [width, colorScheme] of [[1000, 'light'], [390, 'light'], [390, 'dark']]) {
            const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
            page.on('request', ({ url }) => asked.push(url()));
            await page.setContent(html);
            await page.screenshot({ path: join(PICTURES, `letter-${width}-${colorScheme}.png`), fullPage: true });
            assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width}: scrolls sideways`);
            assert.equal(await page.locator('h1').innerText(), STANDARD);
            await page.close();
        }
        assert.deepEqual(asked, [], 'it loads nothing from anywhere');
    });
});
