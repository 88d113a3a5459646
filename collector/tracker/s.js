// The browser's half of Sporløs:  <script defer src="https://COLLECTOR/s.js" data-site="example.no"></script>
//
// For every page view it sends which site, which path, and whether the view is an entry (the reader did not come from
// the site itself). Nothing else leaves the browser, and nothing is stored in it, but for one entry that a reader asks for
// on the collector's opt-out page: not to be counted. docs/beacon.md has the format.
//
// data-site  the site's name; default: the page's own host
// data-api   where beacons go; default: /b where this script came from

function track(script) {
    // A URL gives the name its wire form: lower case, and punycode where it has other letters than a-z.
    const site = new URL('https://' + (script.dataset.site || location.hostname)).hostname;
    const api = new URL(script.dataset.api || '/b', script.src).href;

    // An entry is a fresh navigation from elsewhere. The referrer is looked at here and never sent.
    const loaded = performance.getEntriesByType('navigation')[0] || {};
    let entry = !/^(reload|back_forward)$/.test(loaded.type) && document.referrer.split('/')[2] !== location.host;

    // The path of the last view: only another path is another view, so a changed query or fragment is none.
    let path;

    // Has the collector heard from this page that its reader declines?
    let declined;

    function send(body) {
        try {
            // A string goes as text/plain, which needs no preflight; the policy keeps the page's path out of Referer.
            fetch(api, {
                method: 'POST',
                body,
                keepalive: true,
                credentials: 'omit',
                referrerPolicy: 'strict-origin',
            }).catch(() => {});
        } catch (noFetch) {
            navigator.sendBeacon(api, body);
        }
    }

    // The browser's own signals, else the reader's choice; asked for anew each time, since another tab may change it.
    function declines() {
        try {
            return navigator.globalPrivacyControl || navigator.doNotTrack === '1' || localStorage.sporlos === 'av';
        } catch (noStorage) {}
    }

    function view() {
        if (path !== location.pathname) {
            path = location.pathname;
            if (!declines()) {
                // Only the path: query and fragment may hold what the reader typed.
                attempt(() => send('s=' + site + '&u=' + encodeURIComponent(path) + (entry ? '&n=1' : '')));
                entry = false;
            } else if (!declined) {
                // Nothing of the page: the collector adds one to the day's number of those who declined.
                declined = true;
                attempt(() => send('s=' + site + '&t=declined'));
            }
        }
    }

    // Without the Navigation API: hear of history changes by standing in for the functions that make them.
    function overhear(name) {
        const original = history[name];
        history[name] = function () {
            const result = original.apply(this, arguments);
            view();
            return result;
        };
    }

    function start() {
        // The buttons of the opt-out page lead here. What they ask for is rare, and so not part of this script.
        if (/^#sporlos=(av|paa)$/.test(location.hash)) {
            const choice = document.createElement('script');
            choice.onload = choice.onerror = count;
            choice.nonce = script.nonce;
            choice.referrerPolicy = 'no-referrer';
            choice.src = new URL('/opt-out.js', api);
            document.head.append(choice);
        } else {
            count();
        }
    }

    function count() {
        view();
        // currentEntry tells the API from an element with id="navigation".
        if (window.navigation && window.navigation.currentEntry) {
            window.navigation.addEventListener('currententrychange', view);
        } else {
            overhear('pushState');
            overhear('replaceState');
            addEventListener('popstate', view);
        }
        // Back from the back/forward cache the page is not loaded again, but it is seen again.
        addEventListener('pageshow', (event) => {
            if (event.persisted) {
                path = '';
                view();
            }
        });
    }

    // A page that was rendered ahead is a view only once the reader gets to see it.
    if (document.prerendering) {
        document.addEventListener('prerenderingchange', start, { once: true });
    } else {
        start();
    }
}

// The page must never notice us: no exception gets out.
function attempt(action) {
    try {
        action();
    } catch (unnoticed) {}
}

attempt(() => track(document.currentScript));
