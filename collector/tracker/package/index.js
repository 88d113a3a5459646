// Loads the tracker from a collector and calls it. Nothing here counts anything itself.

let loaded = false;
let restricted = false;

// What calls are kept in until the script has come.
function queue() {
    return (window.sporlos ||= function wait() {
        (wait.q ||= []).push(arguments);
    });
}

export function load(options) {
    if (loaded || typeof document === 'undefined') return;
    loaded = true;
    restricted = options.restricted === true;
    if (!restricted) queue();
    const script = document.createElement('script');
    const path = options.path ?? (restricted ? '/s-restricted.js' : '/s.js');
    script.defer = true;
    if (options.integrity) {
        script.integrity = options.integrity;
        script.crossOrigin = 'anonymous';
    }
    if (options.nonce) script.nonce = options.nonce;
    if (options.site) script.dataset.site = options.site;
    if (options.api) script.dataset.api = options.api;
    if (options.tags) script.dataset.tags = options.tags.join();
    if (options.search) script.dataset.search = options.search.join();
    if (options.manual) script.dataset.manual = '';
    if (options.hash) script.dataset.hash = '';
    script.src = new URL(path, options.collector).href;
    document.head.append(script);
}

export function sporlos(...call) {
    if (typeof window !== 'undefined' && !restricted) queue()(...call);
}

export const view = (path) => sporlos('view', path);
export const search = (word, options) => sporlos('search', word, options);
export const event = (name) => sporlos('event', name);
export const missing = (path = location.pathname) => sporlos('missing', path);
