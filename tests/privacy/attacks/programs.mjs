// The rows of the scoreboard that attack the real programs: what the attacker sees is what they answer and what they keep.
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { run, until } from '../../e2e/support/process.mjs';
import { exchange, requestBytes } from '../../e2e/support/raw.mjs';
import { startStack } from '../../e2e/support/stack.mjs';
import { flushed, metricsOf, redisStore } from '../../e2e/support/store.mjs';
import { filesBelow } from '../support/canary.mjs';
import { drawAddress, searchFor } from '../support/search.mjs';
import { rareString, searchForStrings } from './strings.mjs';

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0';
const MODES = { standard: 3, strict: 4, restricted: 4 }; // networks that make a witness
const PAGES = ['/', '/sorg', '/hjelp'];
const site = (kind, mode) => `${kind}-${mode}.example`;
// So that every table is counted, and everything that can be public is.
const RICH = `
    sections: {"/sorg": sorg}
    tags: [sorg]
    feedback: {ja: Ja, nei: Nei}
    events: [chat]
    visitors: true
    popular: true
    popular_tags: {"/sorg": sorg}
    embed: ["https://framed.example"]`;
// What fills them, and with the views of pages every table but municipality (no database here), dropped and declined.
const BEACONS = [
    '&n=1&r=nav.no&a=kilde&m=epost&c=host&g=sorg', '&t=end&b=3&d=2&l=5', '&t=search&q=sorg&z=1', '&t=feedback&f=ja', '&t=download&v=/skjema.pdf',
    '&t=outbound&v=helsenorge.no', '&t=missing&v=/borte', '&t=event&v=chat',
];
const config = `
collector:
  network_rate: 0
  site_rate: 0
aggregator:
  api_rate: 0
geo:
  databases: []
sites:
${['busy', 'pad', 'rare']
    .flatMap((kind) => Object.keys(MODES).map((mode) => `  ${site(kind, mode)}:\n    mode: ${mode}\n    pages: ["/", "/sorg", "/hjelp"]${mode === 'restricted' ? '' : RICH}`))
    .join('\n')}
`;

const tomorrow = new Date(Date.now() + 24 * 3600_000);
const noon = new Date(Date.UTC(tomorrow.getUTCFullYear(), tomorrow.getUTCMonth(), tomorrow.getUTCDate(), 11, 5));
const monthEnd = new Date(Date.UTC(noon.getUTCFullYear(), noon.getUTCMonth() + 1, 1, 0, 15));
const date = (day) => day.toISOString().slice(0, 10);
const firstOfMonth = `${date(noon).slice(0, 8)}01`;
const lastOfMonth = date(new Date(monthEnd.getTime() - 24 * 3600_000));

// --- sending ----------------------------------------------------------------------------------------------------------

const view = (name, page, network, { agent = AGENT, more = '&n=1', headers = [] } = {}) => {
    const all = [['Origin', `https://${name}`], ['User-Agent', agent], ['X-Forwarded-For', network], ...headers];
    const body = Buffer.from(`s=${name}&u=${encodeURIComponent(page)}${more}`).toString('latin1');
    return requestBytes({ headers: all, body }).replace('Connection: close\r\n', '');
};

// Many on one connection, one after the other; all must be taken.
function sendAll(stack, requests) {
    const { hostname, port } = new URL(stack.COLLECTOR_URL);
    return new Promise((resolve, reject) => {
        const socket = connect({ host: hostname, port: Number(port) });
        let answered = 0;
        let taken = 0;
        let rest = '';
        let refused = '';
        const next = () => {
            if (answered === requests.length) socket.end();
            else socket.write(Buffer.from(requests[answered], 'latin1'));
        };
        socket.setNoDelay(true);
        socket.setTimeout(60_000, () => reject(new Error('the collector does not answer')));
        socket.on('connect', next);
        socket.on('data', (piece) => {
            rest += piece.toString('latin1');
            const border = rest.indexOf('\r\n\r\n');
            if (border < 0) return;
            const length = Number(/content-length: (\d+)/i.exec(rest)?.[1] ?? 0);
            if (rest.length < border + 4 + length) return;
            if (rest.startsWith('HTTP/1.1 204')) taken++;
            else refused ||= `${requests[answered]}\n${rest}`;
            rest = rest.slice(border + 4 + length);
            answered++;
            next();
        });
        socket.on('close', () => (taken === requests.length ? resolve() : reject(new Error(`${taken} of ${requests.length} taken; ${refused}`))));
        socket.on('error', reject);
    });
}

const SHARE = 500; // the collector takes a thousand requests on a connection

async function sendMany(stack, requests, connections = 8) {
    const shares = Array.from({ length: Math.ceil(requests.length / SHARE) }, (_, i) => requests.slice(i * SHARE, (i + 1) * SHARE));
    const sendOn = async () => {
        for (let share = shares.pop(); share; share = shares.pop()) await sendAll(stack, share);
    };
    await Promise.all(Array.from({ length: connections }, sendOn));
}

// --- asking -----------------------------------------------------------------------------------------------------------

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

function get(stack, path, headers) {
    return new Promise((resolve, reject) => {
        const asked = request(`${stack.AGGREGATOR_URL}${path}`, { agent, headers }, (answer) => {
            const pieces = [];
            answer.on('data', (piece) => pieces.push(piece));
            answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces).toString() }));
        });
        asked.on('error', reject);
        asked.end();
    });
}

async function logIn(stack) {
    const body = new URLSearchParams({ name: stack.ADMIN_USER, password: stack.ADMIN_PASSWORD }).toString();
    const headers = [['Content-Type', 'application/x-www-form-urlencoded'], ['Origin', stack.AGGREGATOR_URL]];
    const answer = await exchange(stack.AGGREGATOR_URL, requestBytes({ target: '/login', headers, body }));
    const cookie = /^set-cookie: ([^;]+);/im.exec(answer.head)?.[1];
    if (!cookie) throw new Error(`no session: ${answer.head}`);
    return { Cookie: cookie };
}

const table = (name, id, from, to, by) => `/api/v1/sites/${name}/tables/${id}?from=${from}&to=${to}&by=${by}`;

// What a site counts, as the API says.
async function tablesOf(stack, name) {
    const { body } = await get(stack, '/api/v1/sites', { Authorization: `Bearer ${stack.TOKEN}` });
    return JSON.parse(body).sites.find(({ site: key }) => key === name).tables;
}

// Every question about that hour, day and month that the site's tables can answer: Map of table -> [[path, answer]].
async function answersOf(stack, name) {
    const day = date(noon);
    const answers = new Map();
    for (const id of await tablesOf(stack, name)) {
        const paths = [table(name, id, day, day, 'hour'), table(name, id, day, day, 'day'), table(name, id, firstOfMonth, lastOfMonth, 'range'), table(name, id, firstOfMonth, lastOfMonth, 'month')];
        const asked = await Promise.all(paths.map(async (path) => [path, await get(stack, path, { Authorization: `Bearer ${stack.TOKEN}` })]));
        const answered = asked.filter(([, { status }]) => status === 200);
        if (answered.length === 0 || asked.some(([, { status }]) => status >= 500)) throw new Error(`${name} ${id}: ${asked.map(([, { status }]) => status)}`);
        answers.set(id, answered.map(([path, { body }]) => [path, body]));
    }
    return answers;
}

const SCREENS = ['content', 'page?path=/sorg', 'places', 'sources', 'searches', 'feedback', 'events', 'reports', 'privacy', 'settings', 'share'];

// What people and other pages are shown of a site: screens, files, frames, the list of what is read most, declarations.
async function publicPages(stack, name, mode) {
    const files = (await tablesOf(stack, name)).flatMap((id) => ['csv', 'json-stat'].map((form) => `/sites/${name}/export?table=${id}&form=${form}&range=7d`));
    const anybody = mode === 'restricted' ? [] : [`/embed/${name}`, `/popular?site=${name}`, `/popular?site=${name}&tag=sorg`];
    return [...['', '?range=7d', '?range=12m', '?compare=year'].map((query) => `/sites/${name}${query}`), ...SCREENS.map((screen) => `/sites/${name}/${screen}`),
        ...files, ...anybody, `/declaration/${name}`, `/declaration/${name}.json`];
}

// The settings say by design in which minute a page was last viewed, unless the site is restricted; and since when a test would wait.
const atRest = (mode, text) => {
    const untimed = text.replace(/([?&;]wait=)\d+/g, '$1');
    return mode === 'restricted' ? untimed : untimed.replace(/<p class="ds-paragraph">(Siste sidevisning kom i dag|Det er ikke sett noen ny)[^<]*/, '').replace(/^(\d+) \d+ /, '$1 ');
};

// Plausible's way of asking.
async function v2(stack, name, metrics, dimensions) {
    const question = { site_id: name, metrics, date_range: 'month', ...(dimensions ? { dimensions } : {}) };
    const answer = await fetch(`${stack.AGGREGATOR_URL}/api/v2/query`, { method: 'POST', headers: { Authorization: `Bearer ${stack.TOKEN}`, 'Content-Type': 'application/json' }, body: JSON.stringify(question) });
    return `${answer.status} ${await answer.text()}`;
}

// A link for anybody, as editors make them.
async function publicLink(stack, session) {
    const headers = [['Content-Type', 'application/x-www-form-urlencoded'], ['Origin', stack.AGGREGATOR_URL], ['Cookie', session.Cookie]];
    const answer = await exchange(stack.AGGREGATOR_URL, requestBytes({ target: `/sites/${site('busy', 'standard')}/share`, headers, body: 'action=link_add&label=Styret&days=31' }));
    return /\/public\/[A-Za-z0-9_-]+/.exec(answer.body ?? answer.text ?? answer.head)[0];
}

const V2 = [[['pageviews', 'visits'], undefined], [['pageviews'], ['time:day']], [['pageviews'], ['time:hour']], [['pageviews'], ['event:page']], [['visits'], ['visit:source']]];

// All that the programs say in public while a period is open, one line an answer; and the numbers about themselves.
async function saidInPublic(stack, session, link) {
    const said = new Map();
    for (const mode of Object.keys(MODES)) {
        const name = site('busy', mode);
        for (const [path, body] of [...(await answersOf(stack, name)).values()].flat()) said.set(path, body);
        for (const path of await publicPages(stack, name, mode)) {
            const { status, headers, body } = await get(stack, path, path.startsWith('/sites/') ? { ...session, 'Accept-Language': 'nb' } : {});
            if (status !== 200 && !path.includes('/export')) throw new Error(`${path}: ${status} ${body}`);
            said.set(path, atRest(mode, `${status} ${headers['content-length']} ${body}`));
        }
        for (const [metrics, dimensions] of V2) said.set(`v2 ${name} ${metrics} ${dimensions}`, await v2(stack, name, metrics, dimensions));
    }
    for (const path of ['', '/content', '/sources', '/searches', '/privacy']) {
        const { status, body } = await get(stack, link + path, {});
        if (status !== 200) throw new Error(`${link}${path}: ${status}`);
        said.set(`link ${path}`, body);
    }
    // How many milliseconds the last round took differs by itself, between any two rounds.
    for (const [name, value] of await metricsOf(`${stack.AGGREGATOR_OPS_URL}/metrics`)) {
        if (name !== 'sporlos_aggregator_drain_last_duration_milliseconds') said.set(name, String(value));
    }
    for (const path of ['/healthz', '/readyz']) said.set(path, (await (await fetch(`${stack.AGGREGATOR_OPS_URL}${path}`)).text()).replace(/(last_drain_age_s) \d+/, '$1')); // a clock
    return said;
}

const drained = async (stack) => (await metricsOf(`${stack.AGGREGATOR_OPS_URL}/metrics`)).get('sporlos_aggregator_drain_last_success_timestamp_seconds');

async function nextDrain(stack) {
    const before = await drained(stack);
    await until('a round of draining', async () => (await drained(stack)) !== before, { timeoutMs: 60_000, everyMs: 100 });
}

function lineDiff(a, b) {
    const [left, right] = [a, b].map((text) => text.split(/(?=<)/));
    return [...left.filter((line) => !right.includes(line)).map((line) => `- ${line}`), ...right.filter((line) => !left.includes(line)).map((line) => `+ ${line}`)].join('\n');
}

// --- the rows ---------------------------------------------------------------------------------------------------------

const rich = (name, mode, times, network) =>
    mode === 'restricted' ? [] : BEACONS.flatMap((more) => Array.from({ length: times }, (_, i) => view(name, '/sorg', network(i), { more })));

const busyTraffic = () =>
    Object.keys(MODES).flatMap((mode) => {
        const network = (i) => `10.${i % 30}.${i % 7}.9`;
        return [...Array.from({ length: 90 }, (_, i) => view(site('busy', mode), PAGES[i % PAGES.length], network(i))), ...rich(site('busy', mode), mode, 90, network)];
    });

// What was open when the stack began has been closed: the answers are at rest.
async function settled(stack) {
    const now = [`${date(noon)}T11`, date(noon), date(noon).slice(0, 7)];
    const open = async () => [...(await redisStore(stack)).keys()].map((key) => /:leaf:[a-z]+:([-0-9T]+):/.exec(key)?.[1]).filter(Boolean);
    const atRest = (periods) => periods.includes(date(noon)) && periods.every((period) => now.includes(period));
    await until('earlier periods to close', async () => atRest(await open()), { timeoutMs: 200_000, everyMs: 500 });
}

async function pollOpenPeriod(stack, session) {
    await settled(stack);
    const link = await publicLink(stack, session);
    const first = await saidInPublic(stack, session, link);
    await nextDrain(stack);
    const second = await saidInPublic(stack, session, link); // what changes by itself: clocks, sessions
    await sendMany(stack, busyTraffic());
    await flushed(stack);
    await nextDrain(stack);
    const third = await saidInPublic(stack, session, link);
    const moving = [...third.keys()].filter((name) => second.get(name) !== first.get(name) && !name.startsWith('sporlos_')); // of themselves: those are not compared
    const changed = [...third].filter(([name, text]) => second.get(name) === first.get(name) && text !== second.get(name)).map(([name]) => name);
    if (process.env.ATTACK_SHOW) for (const name of changed) process.stderr.write(`--- ${name}\n${lineDiff(second.get(name), third.get(name))}\n`);
    return { row: '2', name: 'answers_that_depend_on_an_open_leaf', measured: changed.length, target: '0', pass: changed.length === 0 && moving.length === 0 && third.size > 300, why: [...changed, `moving: ${moving}`, `${third.size} answers`] };
}

const padding = () => [
    ...Object.keys(MODES).flatMap((mode) => Array.from({ length: 500 }, (_, i) => view(site('pad', mode), '/sorg', `203.0.113.${i % 256}`))),
    ...Object.keys(MODES).flatMap((mode) => rich(site('pad', mode), mode, 90, (i) => `203.0.113.${i % 256}`)),
];

// Shown values of all tables of a site, in every bucket of the month: Map of table -> how many.
async function shownIn(stack, name) {
    const shown = new Map();
    for (const [id, answers] of await answersOf(stack, name))
        shown.set(id, answers.reduce((sum, [, body]) => sum + JSON.parse(body).rows.filter((row) => typeof row.value === 'number').length, 0));
    return shown;
}

const UNFED = ['declined', 'dropped']; // by what is sent here

async function judgePadding(stack) {
    const shown = [];
    const unshown = []; // of readers from thirty networks
    for (const mode of Object.keys(MODES)) {
        for (const [id, count] of await shownIn(stack, site('pad', mode))) if (count > 0) shown.push(`${mode} ${id}: ${count}`);
        for (const [id, count] of await shownIn(stack, site('busy', mode))) if (count === 0 && !UNFED.includes(id)) unshown.push(`${mode} ${id}`);
    }
    const measured = shown.reduce((sum, text) => sum + Number(text.split(': ')[1]), 0);
    return { row: '6', name: 'values_shown_of_500_views_and_90_of_all_else_from_one_network', measured, target: '0', pass: measured === 0 && unshown.length === 0, why: [...shown, `of others not shown: ${unshown}`] };
}

async function requery(stack, session, times) {
    const paths = [
        table(site('busy', 'standard'), 'page', firstOfMonth, lastOfMonth, 'month'),
        table(site('busy', 'standard'), 'total', firstOfMonth, lastOfMonth, 'range'),
        table(site('busy', 'restricted'), 'page', firstOfMonth, lastOfMonth, 'month'),
        table(site('busy', 'strict'), 'hour', date(noon), date(noon), 'hour'),
        `/sites/${site('busy', 'standard')}?range=12m`,
    ];
    const answers = new Map(paths.map((path) => [path, new Set()]));
    let asked = 0;
    const askOn = async () => {
        while (asked < times) {
            const path = paths[asked++ % paths.length];
            const { status, body } = await get(stack, path, path.startsWith('/api') ? { Authorization: `Bearer ${stack.TOKEN}` } : session);
            answers.get(path).add(`${status} ${body}`);
        }
    };
    await Promise.all(Array.from({ length: 8 }, askOn));
    const distinct = Math.max(...[...answers.values()].map((bodies) => bodies.size));
    const good = [...answers.values()].every((bodies) => [...bodies].every((body) => body.startsWith('200 ')));
    return { row: '1', name: `distinct_answers_to_${times}_questions`, measured: distinct, target: '1', pass: distinct === 1 && good };
}

// --- the stores -------------------------------------------------------------------------------------------------------

const STORES = /^(archive\.db.*|appendonlydir\/.*|dump\.rdb|.*\.log|Redis|journal\/.*)$/;

async function stores(stack) {
    const cli = (...command) => run('redis-cli', ['-s', stack.REDIS_SOCKET, ...command]);
    await cli('CONFIG', 'SET', 'rdbcompression', 'no');
    await cli('--rdb', join(stack.directory, 'dump.rdb'));
    const text = [...(await redisStore(stack))].map(([key, fields]) => [key, ...fields].flat().join('\n')).join('\n');
    const files = { ...(await filesBelow(stack.directory)), Redis: Buffer.from(text) };
    for (const [name, bytes] of Object.entries(stack.JOURNAL ? await filesBelow(stack.JOURNAL) : {})) files[`journal/${name}`] = bytes;
    return Object.entries(files).filter(([name]) => STORES.test(name));
}

// One canary of each kind for each mode, seen by the collector as whole addresses are.
function identities() {
    const addresses = Array.from({ length: 12 }, (_, i) => drawAddress(i % 2 ? 6 : 4));
    const names = addresses.map((_, i) => `kanari${i}fugl${Math.random().toString(36).slice(2, 10)}`);
    const requests = addresses.flatMap((address, i) =>
        Object.keys(MODES).map((mode) => view(site('busy', mode), '/sorg', address, { agent: `${AGENT} ${names[i]}`, headers: [['Cookie', `id=${names[i]}`], ['Authorization', `Bearer ${names[i]}`]] })),
    );
    return { addresses, names, requests };
}

function identityHits(found, places, stack) {
    const search = searchFor(found.addresses);
    const texts = searchForStrings([...found.names, stack.TOKEN, stack.ADMIN_PASSWORD]);
    return places.flatMap(([place, bytes]) => [...search.in(bytes, place).map((hit) => hit.name), ...[...texts.in(bytes)].map((text) => `${text} in ${place}`)]);
}

// In a field of its own each: a word, and in turn a source, medium and campaign, a host, a file, a link away, a missing page, an event.
function rareFields(mode, text, i) {
    const value = encodeURIComponent(text);
    const fields = [`&n=1&q=${value}`, `&n=1&a=${value}&m=${value}&c=${value}`, `&n=1&r=${encodeURIComponent(text.replace('@', '.'))}.no`, `&t=download&v=/${value}.pdf`,
        `&t=outbound&v=${encodeURIComponent(text.replace('@', '.'))}.no`, `&t=missing&v=/${value}`, `&t=event&v=${value}`, `&t=search&q=${value}`];
    return mode === 'restricted' ? fields[0] : fields[Math.floor(i / 9) % fields.length];
}

// Strings from one network fewer than would name them; and one in each mode that can name a page from enough.
function rareTraffic(count) {
    const strings = Array.from({ length: count }, (_, i) => rareString(i));
    const modes = Object.keys(MODES);
    const network = (i, j) => `10.${j}.${i % 250}.4`;
    const asPage = (text, i) => (i % 2 ? `/navn/${text}` : `/${text}`);
    const requests = strings.flatMap((text, i) => {
        const mode = modes[Math.floor(i / 3) % modes.length];
        return Array.from({ length: MODES[mode] - 1 }, (_, j) =>
            view(site('rare', mode), asPage(text, i), network(i, j), { more: rareFields(mode, text, i), headers: i % 5 ? [] : [['Referer', `https://${site('rare', mode)}/?q=${encodeURIComponent(text)}`]] }),
        );
    });
    const named = 'kontroll-fra-mange-nett';
    const control = Array.from({ length: MODES.standard + 20 }, (_, j) => view(site('rare', 'standard'), `/navn/${named}`, `10.${100 + j}.0.4`));
    return { strings, named, requests, control };
}

// --- all of them ------------------------------------------------------------------------------------------------------

const merge = (sets) => new Set(sets.flatMap((set) => [...set]));

export async function programRows({ long, report }) {
    const stack = await startStack({ config, clock: true });
    try {
        await stack.moveClock(noon);
        const session = await logIn(stack);
        report(await pollOpenPeriod(stack, session));
        const people = identities();
        const rare = rareTraffic(10_000);
        await sendMany(stack, [...padding(), ...people.requests, ...rare.requests, ...rare.control]);
        await flushed(stack);
        const searches = { rare: searchForStrings(rare.strings), control: searchForStrings([rare.named]) };
        const open = await stores(stack);
        await stack.moveClock(monthEnd);
        const month = table(site('busy', 'standard'), 'page', firstOfMonth, lastOfMonth, 'month');
        const closed = async () => JSON.parse((await get(stack, month, { Authorization: `Bearer ${stack.TOKEN}` })).body).rows.length > 0;
        await until('the month to close', closed, { timeoutMs: 120_000, everyMs: 300 });
        await until('all sites to close', async () => [...(await redisStore(stack)).keys()].every((key) => !key.includes(`:leaf:page:${date(noon).slice(0, 7)}:`)), { timeoutMs: 120_000, everyMs: 300 });
        report(await judgePadding(stack));
        report(await requery(stack, await logIn(stack), long ? 100_000 : 10_000));
        const places = [...open, ...(await stores(stack)).map(([name, bytes]) => [`${name}, closed`, bytes])];
        const hits = identityHits(people, places, stack);
        const sure = identityHits({ addresses: people.addresses, names: people.names }, [['control', Buffer.from(`${people.addresses[0]} ${people.names[0]}`)]], stack);
        report({ row: '9', name: 'identities_in_store_journal_and_log', measured: hits.length, target: '0', pass: hits.length === 0 && sure.length >= 2 && places.length > 8, why: hits });
        const rareHits = merge(places.map(([, bytes]) => searches.rare.in(bytes)));
        const named = places.filter(([, bytes]) => searches.control.in(bytes).size > 0).map(([name]) => name);
        report({ row: '10', name: `rare_strings_of_${rare.strings.length}_in_any_store`, measured: rareHits.size, target: '0', pass: rareHits.size === 0 && named.some((name) => name.startsWith('archive')) && named.some((name) => name.startsWith('dump')), why: [...rareHits].slice(0, 20) });
    } finally {
        agent.destroy();
        await stack.stop();
    }
}

// Row 6 alone, against a build without the witness rule.
export async function paddingAgainst(build) {
    const stack = await startStack({ config, clock: true, build });
    try {
        await stack.moveClock(noon);
        await sendMany(stack, [...padding(), ...busyTraffic()]);
        await flushed(stack);
        await stack.moveClock(monthEnd);
        await until('the month to close', async () => (await redisStore(stack)).size > 0 && [...(await redisStore(stack)).keys()].every((key) => !key.includes(`:leaf:page:${date(noon).slice(0, 7)}:`)), { timeoutMs: 120_000, everyMs: 300 });
        return await judgePadding(stack);
    } finally {
        agent.destroy();
        await stack.stop();
    }
}
