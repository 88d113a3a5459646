// A real browser, Chromium unless BROWSER says firefox, that stays on the loopback network and looks like a reader's.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, firefox } from 'playwright-core';
import { ROOT, start } from './process.mjs';

// Headless Chromium says so in its User-Agent and would be counted as the bot it is.
export const USER_AGENT =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

const ARGUMENTS = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--host-resolver-rules=MAP *.example 127.0.0.1',
    // What a page sends in leaving knows nothing of what a context says of its User-Agent.
    `--user-agent=${USER_AGENT}`,
];

const OPTIONS = {
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    chromiumSandbox: false,
    args: ARGUMENTS,
    // Readers have a back/forward cache, and pages rendered ahead.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
};

// BROWSER=firefox: the tests that can, with Debian's Firefox, driven over WebDriver BiDi.
export const IS_FIREFOX = process.env.BROWSER === 'firefox';
const launchFirefox = (preferences) =>
    firefox.launch({
        channel: 'moz-firefox',
        executablePath: process.env.FIREFOX || '/usr/bin/firefox-esr',
        firefoxUserPrefs: { 'network.dns.forceResolve': '127.0.0.1', ...preferences },
    });

// Of a test that Firefox cannot run as it is driven here: test(name, chromiumOnly('why'), ...).
export const chromiumOnly = (why) => (IS_FIREFOX ? { skip: why } : {});

// Playwright gives each launch a new profile of its own, and deletes it at close(). httpsPort: where https://*.example is.
export function launchBrowser({ httpsPort } = {}) {
    if (IS_FIREFOX && !httpsPort) return launchFirefox();
    const secure = (argument) => argument.replace('rules=', `rules=MAP *.example:443 127.0.0.1:${httpsPort},`);
    return chromium.launch(httpsPort ? { ...OPTIONS, args: ARGUMENTS.map(secure) } : OPTIONS);
}

// A reader whose profile has these preferences (as chrome://settings would write them). Ends with stop().
export async function launchWithPreferences(preferences) {
    const profile = await mkdtemp(join(tmpdir(), 'sporlos-profile-'));
    await mkdir(join(profile, 'Default'));
    await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
    const reader = await watched(await chromium.launchPersistentContext(profile, { ...OPTIONS, userAgent: USER_AGENT }));
    return {
        reader,
        async stop() {
            await reader.close();
            await removeProfile(profile);
        },
    };
}

// A browser that nobody drives: what is attached to a driven one (DevTools) forbids rendering ahead. Ends with stop().
export async function launchUnattended(url) {
    const profile = await mkdtemp(join(tmpdir(), 'sporlos-profile-'));
    const browser = start(OPTIONS.executablePath, [...ARGUMENTS, `--user-data-dir=${profile}`, url]);
    return {
        async stop() {
            await browser.stop();
            await removeProfile(profile);
        },
    };
}

// An empty folder in .work for pictures that people look at.
export async function pictureFolder(name) {
    const folder = join(ROOT, '.work', name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return folder;
}

// The browser's helpers may still be writing when it has ended.
function removeProfile(profile) {
    return rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

// A new reader: nothing shared with any other. headers go with every request, as a proxy in front would add them.
export async function newReader(browser, { headers = {}, ...options } = {}) {
    if (IS_FIREFOX && options.javaScriptEnabled === false) return newFirefoxWithoutScript(headers);
    return watched(await browser.newContext({ ...(IS_FIREFOX ? {} : { userAgent: USER_AGENT }), extraHTTPHeaders: headers, locale: 'nb-NO', ...options }));
}

// BiDi turns scripts off too late for <noscript>: another Firefox, which ends with its reader.
async function newFirefoxWithoutScript(headers) {
    const browser = await launchFirefox({ 'javascript.enabled': false });
    const context = await browser.newContext({ extraHTTPHeaders: headers, locale: 'nb-NO' });
    context.noticed = [];
    context.on('close', () => browser.close());
    return context;
}

// A page of the dashboard at url, logged in as name (null: as nobody). page.answer is what the last navigation was answered.
export async function openAs(browser, url, name, password, options = {}) {
    const context = await browser.newContext({ locale: 'nb-NO', viewport: { width: 1200, height: 900 }, ...options });
    const page = await context.newPage();
    page.on('response', (one) => one.request().isNavigationRequest() && (page.answer = one));
    if (name) {
        await page.goto(`${url}/login`);
        await page.fill('input[name=name]', name);
        await page.fill('input[name=password]', password);
        await page.locator('main form button').click();
        await page.waitForURL((to) => !to.pathname.startsWith('/login'));
    }
    return page;
}

// context.noticed: what the page could notice of a tracker that misbehaves.
async function watched(context) {
    context.noticed = [];
    context.on('weberror', (error) => context.noticed.push(`error: ${error.error()}`));
    context.on('console', (message) => context.noticed.push(`console: ${message.text()}`));
    await context.exposeBinding('__noticed', (source, text) => context.noticed.push(text));
    await context.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) =>
            window.__noticed(`policy: ${event.violatedDirective} ${event.blockedURI}`),
        );
        addEventListener('unhandledrejection', (event) => window.__noticed(`rejection: ${event.reason}`));
    });
    return context;
}

// Everything that a page of this origin may have stored, by kind; empty arrays when there is nothing.
export async function storageOf(page) {
    const cookies = await page.context().cookies();
    const stored = await page.evaluate(async () => ({
        documentCookie: document.cookie ? [document.cookie] : [],
        local: Object.keys(localStorage),
        session: Object.keys(sessionStorage),
        databases: (await indexedDB.databases()).map((database) => database.name),
        caches: 'caches' in window ? await caches.keys() : [],
        workers: 'serviceWorker' in navigator ? (await navigator.serviceWorker.getRegistrations()).map(String) : [],
        windowName: window.name ? [window.name] : [],
    }));
    return { cookies, ...stored };
}
