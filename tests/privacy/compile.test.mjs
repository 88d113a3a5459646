// What would break a promise does not compile: each patch is made to a copy of the sources and handed to the compiler.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ROOT } from '../e2e/support/process.mjs';

const SOURCES = ['collector/beacon.c', 'collector/names.c', 'collector/observe.c', 'collector/keys.c', 'collector/dialects/native.c', 'collector/policy.c', 'aggregator/archive.c', 'lib/table.c'];
const COMPILERS = ['gcc', 'clang'].filter((name) => spawnSync(name, ['--version']).status === 0);

// What the header says, and what is added behind it.
const PATCHES = [
    {
        name: 'a field of struct beacon without a row in SP_BEACON_FIELDS',
        file: 'collector/beacon.h',
        after: 'struct beacon {\n',
        add: '    struct span age;\n',
        complaint: /every field of a beacon is a row/,
    },
    {
        name: 'a row in SP_BEACON_FIELDS without its observe_ function',
        file: 'include/sporlos/table.h',
        after: "X(url, 'u', OF_PAGE, FATE_PAGE, FATE_LISTED_PAGE)",
        add: " X(age, 'j', OF_ALL, FATE_UNREAD, FATE_UNREAD)",
        complaint: /observe_age/,
    },
    {
        name: 'a row in SP_BEACON_FIELDS that does not say its fate in restricted mode',
        file: 'include/sporlos/table.h',
        after: "X(url, 'u', OF_PAGE, FATE_PAGE, FATE_LISTED_PAGE)",
        add: " X(age, 'j', OF_ALL, FATE_UNREAD)",
        complaint: /macro|argument/,
    },
    {
        name: 'two fields under one wire key',
        file: 'include/sporlos/table.h',
        after: "X(url, 'u', OF_PAGE, FATE_PAGE, FATE_LISTED_PAGE)",
        add: " X(age, 'u', OF_ALL, FATE_UNREAD, FATE_UNREAD)",
        complaint: /duplicate case/,
    },
    {
        name: 'a table without words',
        file: 'include/sporlos/table.h',
        after: '#define SP_TABLES(X) \\\n',
        add: '    X(TABLE_AGE, "age", COUNTED_VIEW, KEY_NONE, PERIODS_DAY, PERIODS_NEVER) \\\n',
        complaint: /macro|argument/,
    },
    {
        name: 'a table whose words are empty in one language',
        file: 'include/sporlos/table.h',
        after: '#define SP_TABLES(X) \\\n',
        add: '    X(TABLE_AGE, "age", COUNTED_VIEW, KEY_NONE, PERIODS_DAY, PERIODS_NEVER, "alder", "alder", "") \\\n',
        complaint: /age needs words in three languages/,
    },
    {
        name: 'a table with words in two languages',
        file: 'include/sporlos/table.h',
        after: '#define SP_TABLES(X) \\\n',
        add: '    X(TABLE_AGE, "age", COUNTED_VISITOR, KEY_WORD, PERIODS_DAY, PERIODS_NEVER, "alder", "alder") \\\n',
        complaint: /macro|argument/,
    },
    {
        name: 'a kind of name without a letter of its own',
        file: 'collector/names.h',
        after: "X(NAME_HOST, 'h')",
        add: ' X(NAME_AGE)',
        complaint: /macro|argument/,
    },
    {
        name: 'a word that a restricted site would read under no fate',
        file: 'include/sporlos/table.h',
        after: "X(fruitless, 'z', OF_SEARCH, FATE_FLAG, FATE_UNREAD)",
        add: " X(age, 'j', OF_SEARCH, FATE_WORD, FATE_NONE)",
        complaint: /FATE_NONE|observe_age/,
    },
    {
        name: 'an observation that is made outside of gate 1',
        file: 'collector/policy.c',
        after: '#include "policy.h"\n',
        add: '#include "observe.h"\nstatic struct observation ours = { 0 };\n',
        complaint: /struct observation/,
    },
    {
        name: 'a release that is made outside of gate 2',
        file: 'aggregator/archive.c',
        after: '#include "archive_driver.h"\n',
        add: 'static struct release ours = { 0 };\n',
        complaint: /struct release/,
    },
];

// The compiler's words about a copy of the sources with that patch, or null when it is content.
function compile(compiler, patch) {
    const copy = mkdtempSync(join(tmpdir(), 'sporlos-compile-'));
    try {
        for (const room of ['include', 'collector', 'aggregator', 'lib']) cpSync(join(ROOT, room), join(copy, room), { recursive: true });
        if (patch) {
            const text = readFileSync(join(copy, patch.file), 'utf8').replace(/ +\\\n/g, ' \\\n');
            assert.equal(text.split(patch.after).length, 2, `${patch.file} has exactly one '${patch.after}'`);
            writeFileSync(join(copy, patch.file), text.replace(patch.after, () => patch.after + patch.add));
        }
        const flags = ['-std=c17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-fsyntax-only'];
        const { status, stderr, error } = spawnSync(compiler, [...flags, '-Iinclude', '-Icollector', ...SOURCES], {
            cwd: copy,
            encoding: 'utf8',
        });
        if (error) throw error;
        return status === 0 ? null : stderr;
    } finally {
        rmSync(copy, { recursive: true });
    }
}

test('there is a compiler', () => assert.ok(COMPILERS.length > 0));

for (const compiler of COMPILERS) {
    describe(`with ${compiler}`, () => {
        test(`${compiler}, control: the sources as they are compile`, () => assert.equal(compile(compiler, null), null));
        for (const patch of PATCHES) {
            test(`${compiler} refuses ${patch.name}`, () => assert.match(compile(compiler, patch) ?? 'it compiles', patch.complaint));
        }
    });
}
