// Writes the names of automata: what collector/bots.h reads.
//
//     node crawlers.mjs MODULES OUT
//
// MODULES is a node_modules folder holding crawler-user-agents (MIT; package-lock.json pins it); OUT is the file to write.
// Its patterns are regular expressions. Each is taken apart into the words that it stands for: alternatives and small sets of
// letters become a line each. What stands between two words and is not words (".*", "\d+") cannot be said in the file: then
// the longest of the words stands for all, which finds whatever the pattern finds. A pattern whose longest words are shorter
// than WORD_MIN is left out, and named in a comment, for the built-in rules.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Patterns that find people: a build of Android that many makers ship, what Facebook opens links in, a telephone by HTC.
const PEOPLE = new Set(['AP3A\\.240617\\.008', 'MetaIAB Facebook', 'Butterfly']);
const WORD_MIN = 3;
const SET_MAX = 4; // letters: a larger set is not words
const LINES_MAX = 64; // of one pattern
const GAP = '\0'; // anything, also nothing
const [START, END] = ['\u0001', '\u0002'];

/** All words of a pattern, as texts with GAP, START and END in them. Throws for what it does not understand. */
export function wordsOf(pattern) {
    let at = 0;
    const refuse = (what) => { throw new Error(`${what} at ${at} in ${pattern}`); };
    const limit = (list) => (list.length > LINES_MAX ? refuse('too many alternatives') : list);
    const joined = (heads, tails) => limit(heads.flatMap((head) => tails.map((tail) => head + tail)));

    function escaped() {
        const letter = pattern[at++];
        if (letter === undefined) refuse('nothing escaped');
        if (/[\^$]/.test(letter)) return [GAP]; // the file has other uses for these two
        if (/[bB]/.test(letter)) return [GAP];
        if (/[dDwWsS]/.test(letter)) return [GAP];
        if (/[a-zA-Z0-9]/.test(letter)) refuse(`\\${letter}`);
        return [letter];
    }
    function set() {
        const end = pattern.indexOf(']', at + 1);
        if (end < 0) refuse('an open set');
        const inside = pattern.slice(at, end);
        at = end + 1;
        return /^\^|[\\-]/.test(inside) || inside.length > SET_MAX ? [GAP] : [...inside];
    }
    function atom() {
        const letter = pattern[at++];
        if (letter === '\\') return escaped();
        if (letter === '[') return set();
        if (letter === '.') return [GAP];
        if (letter === '^') return [START];
        if (letter === '$') return [END];
        if (letter !== '(') return /[*+?{]/.test(letter) ? refuse('nothing to repeat') : [letter];
        if (pattern[at] === '?') {
            if (pattern[at + 1] !== ':') refuse('a look-around');
            at += 2;
        }
        const inside = alternatives();
        if (pattern[at++] !== ')') refuse('an open group');
        return inside;
    }
    function repeated() {
        const words = atom();
        const mark = pattern[at];
        if (mark === '{') refuse('a counted repetition');
        if (!'*+?'.includes(mark ?? ' ')) return words;
        at++;
        if (pattern[at] === '?') at++; // as few as possible: finds the same
        if (mark === '?') return limit([...words, '']);
        return mark === '*' ? [GAP] : words.flatMap((word) => [word + GAP + word, word]);
    }
    function sequence() {
        let words = [''];
        while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') words = joined(words, repeated());
        return words;
    }
    function alternatives() {
        const all = sequence();
        while (pattern[at] === '|') {
            at++;
            all.push(...sequence());
        }
        return limit(all);
    }
    const all = alternatives();
    if (at < pattern.length) refuse('a stray )');
    return all;
}

/** The longest run of letters of one alternative, as a line of the file has it; undefined when it is too short. */
function line(words) {
    const runs = words.split(GAP).map((run) => run.replace(/^\u0001/, '^').replace(/\u0002$/, '$'));
    const longest = runs.toSorted((a, b) => b.length - a.length)[0];
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u001f\u007f]/.test(longest) || longest.replace(/^\^|\$$/g, '').length < WORD_MIN) return undefined;
    return longest;
}

/** The lines of a pattern; undefined when one of its alternatives has no words, so that the file could find only a part. */
export function linesOf(pattern) {
    let words;
    try {
        words = wordsOf(pattern);
    } catch {
        return undefined;
    }
    const lines = words.map(line);
    if (lines.includes(undefined)) return undefined;
    return [...new Set(lines)].filter((a) => !lines.some((b) => b !== a && !/[\^$]/.test(b) && a.includes(b)));
}

function main(modules, out) {
    const folder = join(modules, 'crawler-user-agents');
    const crawlers = JSON.parse(readFileSync(join(folder, 'crawler-user-agents.json'), 'utf8'));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const [names, left] = [new Map(), []];
    for (const { pattern, tags = [] } of crawlers) {
        if (PEOPLE.has(pattern)) continue;
        const lines = linesOf(pattern);
        if (lines === undefined) left.push(pattern);
        for (const each of lines ?? []) if (names.get(each) !== 'ai') names.set(each, tags.includes('ai-crawler') ? 'ai' : 'bot');
    }
    if (names.size < 500) throw new Error(`crawler-user-agents ${version} has only ${names.size} names: another format?`);
    const head = `# Names of automata, from npm crawler-user-agents ${version} (MIT). Format: collector/bots.h\n`;
    const rest = left.map((pattern) => `# not words: ${pattern}\n`).join('');
    writeFileSync(out, head + rest + [...names].map(([name, reason]) => `${reason}\t${name}\n`).join(''));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv[2], process.argv[3]);
