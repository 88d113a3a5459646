// Tests that each are a reader of their own: a new one before each, and none whose page noticed anything after it.
import assert from 'node:assert/strict';
import { afterEach, beforeEach } from 'node:test';
import { newReader } from './browser.mjs';

// Of a whole file: browser() is where its readers come from; left() runs when the one before has gone; made(reader) keeps the
// new one, and opens its page. Gives become(options, prepare), with which a test becomes another reader, as newReader() makes it;
// prepare runs in every page before its scripts.
export function readerOfEachTest({ browser, left = () => {}, made }) {
    let reader = null;
    const leave = async () => {
        await reader?.close();
        reader = null;
    };
    async function become(options = {}, prepare = null) {
        await leave();
        await left();
        reader = await newReader(browser(), options);
        if (prepare) await reader.addInitScript(prepare);
        await made(reader);
    }
    beforeEach(() => become());
    afterEach(async () => {
        assert.deepEqual(reader.noticed, [], 'the page noticed something');
        await leave();
    });
    return become;
}
