// Where an address is put: headers, target and body of a request to the collector that is otherwise a good one.
import { requestBytes } from '../../e2e/support/raw.mjs';
import { encoded } from './canary.mjs';

export const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0';
export const SITES = { 'site.example': 'standard', 'barn.example': 'restricted' };

export const SITES_CONFIG = `
sites:
  site.example:
    mode: standard
    pages: ["/", "/sorg", "/til/**"]
  barn.example:
    mode: restricted
    pages: ["/", "/sorg", "/foreldre/*"]
    fold: {"/alder/*/sorg": "/sorg"}
`;

const upper = (address) => address.toUpperCase();
export const NOTATIONS = [(a) => a, (a) => encoded(a), (a) => a.replaceAll(':', '%3A'), (a) => encoded(encoded(a)), upper];

export const PLACES = {
    'X-Forwarded-For': (a) => ({ headers: [['X-Forwarded-For', a]] }),
    'X-Forwarded-For, a list': (a) => ({ headers: [['X-Forwarded-For', `${a}, 192.0.2.9, 127.0.0.1`]] }),
    'X-Forwarded-For, with a port': (a) => ({ headers: [['X-Forwarded-For', a.includes(':') ? `[${a}]:4711` : `${a}:4711`]] }),
    'X-Real-IP': (a) => ({ headers: [['X-Real-IP', a]] }),
    Forwarded: (a) => ({ headers: [['Forwarded', `for="[${a}]";proto=https`]] }),
    'True-Client-IP': (a) => ({ headers: [['True-Client-IP', a], ['CF-Connecting-IP', a], ['X-Client-IP', a]] }),
    Referer: (a, site) => ({ headers: [['Referer', `https://${site}/${a}?ip=${a}#${a}`]] }),
    'User-Agent': (a) => ({ headers: [['User-Agent', `${AGENT} ${a}`]] }),
    Cookie: (a) => ({ headers: [['Cookie', `ip=${a}`]] }),
    'Accept-Language': (a) => ({ headers: [['Accept-Language', a]] }),
    'client hints': (a) => ({ headers: [['Sec-CH-UA', a], ['Sec-CH-UA-Platform', a]] }),
    Authorization: (a) => ({ headers: [['Authorization', `Bearer ${a}`]] }),
    'a header of its own': (a) => ({ headers: [[`X-${a.replace(/[^0-9a-zA-Z]/g, '-')}`, a]] }),
    path: (a) => ({ url: `/${a}` }),
    'path below a pattern': (a, site) => ({ url: SITES[site] === 'restricted' ? `/foreldre/${a}` : `/fra/${a}` }),
    'path that is folded': (a) => ({ url: `/alder/${a}/sorg` }),
    'query of the page': (a) => ({ url: `/sorg?ip=${a}` }),
    'fragment of the page': (a) => ({ url: `/sorg#${a}` }),
    'host of the page': (a) => ({ url: `https://${a.includes(':') ? `[${a}]` : a}/sorg` }),
    'user of the page': (a) => ({ url: `https://${a}@${'site.example'}/sorg` }),
    'unknown fields': (a) => ({ more: `&ip=${a}&x=${a}&q=${a}&r=${a}&${a}=1` }),
    'the fields of an entry': (a) => ({ more: `&n=1&r=${a}&a=${a}&m=${a}&c=${a}&w=${a}&g=${a},${a}` }),
    'a searched word': (a) => ({ more: `&t=search&q=${a}` }),
    'a file': (a) => ({ more: `&t=download&v=/${a}` }),
    'a host elsewhere': (a) => ({ more: `&t=outbound&v=${a}` }),
    'an event': (a) => ({ more: `&t=event&v=${a}` }),
    'the entry flag': (a) => ({ more: `&n=${a}` }),
    'the type': (a) => ({ more: `&t=${a}` }),
    'the site': (a) => ({ site: a }),
    'a foreign Origin': (a) => ({ headers: [['Origin', `https://${a.includes(':') ? `[${a}]` : a}`]] }),
    'a foreign Referer': (a) => ({ headers: [['Origin', null], ['Referer', `https://elsewhere.example/${a}`]] }),
    'who declines': (a) => ({ headers: [['Sec-GPC', '1'], ['X-Forwarded-For', a]] }),
    'the request target': (a) => ({ target: `/b?ip=${a}&${a}` }),
    'another path of the collector': (a) => ({ target: `/${a}` }),
    'the method': (a) => ({ method: a.replace(/[^0-9a-zA-Z]/g, '-') }),
    'the version': (a) => ({ version: `HTTP/${a}` }),
    Host: (a) => ({ headers: [['Host', a]] }), // a second one: refused
    'a folded header': (a) => ({ headers: [['X-Folded', `1\r\n ${a}`]] }),
    'a broken header': (a) => ({ headers: [[`X ${a}`, a]] }),
    'broken percent-encoding': (a) => ({ url: `/${a}%zz` }),
    'a control byte': (a) => ({ url: `/${a}%00` }),
    'a body that is too long': (a) => ({ more: `&x=${a}${'x'.repeat(5000)}` }),
    'Content-Length': (a) => ({ headers: [['Content-Length', a]] }),
    'Content-Type': (a) => ({ headers: [['Content-Type', a]] }),
    'Transfer-Encoding': (a) => ({ headers: [['Transfer-Encoding', a]] }),
    Expect: (a) => ({ headers: [['Expect', a]] }),
};

// The request, closing unless keep.
export function plantedRequest(place, address, { notation = (a) => a, site = 'site.example', keep = false } = {}) {
    const made = PLACES[place](notation(address), site);
    const headers = new Map([['Origin', `https://${site}`], ['User-Agent', AGENT], ...(made.headers ?? [])]);
    const bytes = requestBytes({
        method: made.method ?? 'POST',
        target: made.target ?? '/b',
        version: made.version,
        headers: [...headers].filter(([, value]) => value !== null),
        body: `s=${made.site ?? site}&n=1&u=${made.url ?? '/sorg'}${made.more ?? ''}`,
    });
    return keep ? bytes.replace('Connection: close\r\n', '') : bytes;
}
