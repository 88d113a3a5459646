// Reads tests/support/http_corpus.txt, whose head says what its lines mean, and HTTP answers.
import { readFileSync } from 'node:fs';
import { ROOT } from './support/process.mjs';

export const HIDDEN = 'GET /b?s=hidden HTTP/1.1\r\nHost: a\r\n\r\n';
const LETTERS = { r: '\r', n: '\n', t: '\t', 0: '\0', '\\': '\\', H: HIDDEN };
const ESCAPE = /\\\*(\d+)\{(.*?)\}|\\x([0-9a-f]{2})|\\(.)/g;

const unescaped = (text) =>
    text.replace(ESCAPE, (all, times, repeated, hex, letter) => {
        if (times) return unescaped(repeated).repeat(Number(times));
        if (hex) return String.fromCharCode(parseInt(hex, 16));
        if (!(letter in LETTERS)) throw new Error(`no escape: ${all}`);
        return LETTERS[letter];
    });

const TAKEN = new Set([204, 404, 405]);

// {line, statuses, more, closes, taken, refused, bytes}: what to expect, once sent directly. taken and refused: requests.
export function readCorpus(path = `${ROOT}/tests/support/http_corpus.txt`) {
    const entries = [];
    readFileSync(path, 'latin1').split('\n').forEach((text, index) => {
        const [, words, bytes] = /^((?:\d{3}|more)[^ ]*) (.*)$/.exec(text) ?? [];
        if (words) entries.push({ line: index + 1, ...expectation(words), bytes: unescaped(bytes) });
        else if (text !== '' && !text.startsWith('#')) throw new Error(`http_corpus.txt: line ${index + 1} cannot be read`);
    });
    return entries;
}

function expectation(words) {
    const more = /(^|,)more$/.test(words);
    const statuses = words.split(',').filter((word) => word !== 'more').map((word) => parseInt(word, 10));
    const taken = statuses.filter((status) => TAKEN.has(status)).length;
    return { statuses, more, taken, refused: statuses.length - taken, closes: words.endsWith('!') || taken < statuses.length };
}

// The final answers in what a connection gave: [{status, head, body}]. heads: there may be one to a HEAD, which says a
// length and has no body.
export function answersIn(text, heads = false) {
    const answers = [];
    for (let at = 0; at < text.length; ) {
        const border = text.indexOf('\r\n\r\n', at);
        if (border < 0) break;
        const head = text.slice(at, border + 4);
        const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]);
        if (!status) return [...answers, { status: 0, head: text.slice(at), body: '' }];
        const length = bodyLength(status, head, text.slice(border + 4), heads);
        if (border + 4 + length > text.length) break;
        if (status >= 200) answers.push({ status, head, body: text.slice(border + 4, border + 4 + length) });
        at = border + 4 + length;
    }
    return answers;
}

function bodyLength(status, head, rest, heads) {
    if (status < 200 || status === 204 || status === 304) return 0;
    if (heads && (rest === '' || rest.startsWith('HTTP/1.'))) return 0;
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    if (length !== undefined) return Number(length);
    if (/^transfer-encoding: *chunked/im.test(head)) {
        const end = rest.indexOf('0\r\n\r\n');
        return end < 0 ? Infinity : end + 5;
    }
    return rest.length; // until it closes
}
