// What both builds of the tracker share: s.js for standard and strict sites, restricted.js for restricted ones.
//
// data-site  the site's name; default: the page's own host
// data-api   where beacons go; default: /b where this script came from

const script = document.currentScript;
export const data = script.dataset;

// The page must never notice us: no exception gets out.
export const attempt = (action, ...given) => {
    try {
        action(...given);
    } catch {}
};

export const listen = (types, act) =>
    types.split(' ').map((type) => addEventListener(type, (event) => attempt(act, event), true));

// An entry is a fresh navigation from elsewhere; a reload, and a step back or forward, shows again what was shown before.
export const fresh = !/reload|back/.test(performance.getEntriesByType('navigation')[0]?.type);
export const from = document.referrer.split(/[/:]+/)[1];
export const entered = fresh && from !== location.hostname;

let site, api;

// Has the collector heard from this page that its reader declines?
let declined;

// The browser's own signals, else the reader's choice; asked for anew each time, since another tab may change it.
const declines = () => {
    try {
        return navigator.globalPrivacyControl || navigator.doNotTrack === '1' || localStorage.sporlos === 'av';
    } catch {} // no storage
};

// Send a beacon with these fields, the text of a form.
export const send = (fields) => {
    if (declines()) {
        if (declined) return;
        // Nothing of the page: the collector adds one to the day's number of those who declined.
        declined = fields = 't=declined';
    }
    // A string goes as text/plain, which needs no preflight; the policy keeps the page's path out of Referer.
    fetch(api, {
        method: 'POST',
        body: site + fields,
        keepalive: true,
        credentials: 'omit',
        referrerPolicy: 'strict-origin',
    }).catch(() => {});
};

// Count views: call view(), now and whenever the address may have changed without loading, and view(true) when the page is
// seen again without being loaded, back from the back/forward cache.
export const follow = (view) => {
    const changed = () => attempt(view);
    changed();
    // currentEntry tells the API from an element with id="navigation".
    if (window.navigation?.currentEntry) {
        window.navigation.addEventListener('currententrychange', changed);
    } else {
        // Stand in for the functions that change the history; they return nothing.
        ['pushState', 'replaceState'].map((name) => {
            const original = history[name];
            history[name] = (...state) => {
                original.apply(history, state);
                changed();
            };
        });
        listen('popstate', changed);
    }
    listen('pageshow', (event) => event.persisted && view(true));
};

// Call count once, as soon as a reader gets to see the page; never if the page's attributes make no sense.
export const begin = (count) => {
    const start = () => {
        // The buttons of the opt-out page lead here. What they ask for is rare, and so not part of this script.
        if (/^#sporlos=/.test(location.hash)) import(new URL('/opt-out.js', api)).then(count, count);
        else count();
    };
    // A URL gives the name its wire form: lower case, and punycode where it has other letters than a-z.
    site = 's=' + new URL('https://' + (data.site || location.hostname)).hostname + '&';
    api = new URL(data.api || '/b', script.src);
    // A page that was rendered ahead is a view only once the reader gets to see it.
    if (document.prerendering) listen('prerenderingchange', start);
    else start();
};
