// The browser's half of Sporløs:  <script defer src="https://COLLECTOR/s.js" data-site="example.no"></script>
//
// It sends what docs/beacon.md says, and nothing by which two of its messages could be told to be from one reader. Nothing
// is stored in the browser but for one entry that a reader asks for on the collector's opt-out page: not to be counted.
//
// data-site, data-api  see common.js
// data-tags     words under which the page is counted; default: <meta name="keywords">
// data-search   names of query parameters that hold what was searched for: "q,s"
// data-missing  this page stands where there is none; also <meta name="sporlos" content="404">
// data-manual   no view unless the page says sporlos('view')
// data-hash     the path goes on in the fragment: /app#/route is /app/route
//
// On elements: data-sporlos="name" counts clicks. For scripts: sporlos('view' | 'search' | 'event' | ..., value).
import { attempt, begin, data, entered, follow, fresh, from, listen, send } from './common.js';

let entry = entered;
// Has the length of the visit not been told? Only the page load that it began with knows it.
let visit = entered;
// The view at hand: its path, whether its end is still to be told, how far down it was seen.
let path, open, far;
// Seconds that this page load was seen, and how many of them before the view at hand; since when the reader looks, and whether.
let seen = 0, before, since, looking;
// What was searched for last; true for what is only shown again.
let word = !fresh;

// Send the fields that have a value.
const tell = (fields) => send(new URLSearchParams(Object.entries(fields).filter((field) => field[1])));

// How many of the limits value has reached, as text.
const reached = (value, ...limits) => '' + limits.filter((limit) => value >= limit).length;
const bucket = (seconds) => reached(seconds, 10, 30, 60, 180, 600, 1800);

// Time counts while the page is visible and has the focus. The end of a view is told once, when another begins or when
// the page is hidden or left: nobody knows then whether it will be seen again.
const look = (ends, leaves = document.hidden) => {
    const now = performance.now() / 1000;
    if (looking) seen += now - since;
    since = now;
    looking = !leaves && document.hasFocus();
    far = Math.max(far, scrollY);
    if (open && (ends || leaves)) {
        tell({
            t: 'end',
            u: path,
            b: bucket(seen - before),
            d: reached((4 * (far + innerHeight + 1)) / document.documentElement.scrollHeight, 1, 2, 3, 4),
            l: leaves && visit && bucket(seen),
        });
        open = 0;
        visit &&= !leaves;
    }
};

const view = (again, virtual) => {
    const query = new URLSearchParams(location.search);
    const searched = data.search?.split(/[ ,]+/).map((name) => query.get(name)).find(Boolean);
    // Only the path: query and fragment may hold what the reader typed.
    const now = virtual || location.pathname + ('hash' in data ? location.hash.replace(/^#!?|\?.*/g, '/') : '');
    if (again || now !== path) {
        look(1);
        before = seen;
        far = 0;
        path = now;
        open = 1;
        tell({
            u: path,
            ...(entry && {
                n: 1,
                r: from,
                a: query.get('utm_source'),
                m: query.get('utm_medium'),
                c: query.get('utm_campaign'),
                // An iPad says that it is a Mac.
                w: /Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1 && innerWidth,
            }),
            // Keywords without end would make the beacon too long for the collector.
            g: (data.tags || document.querySelector('[name=keywords]')?.content)?.slice(0, 300),
        });
        if (document.querySelector('[data-missing],[name=sporlos][content="404"]')) tell({ t: 'missing', v: path });
        entry = 0;
    }
    if (searched && word !== true && word !== searched) tell({ t: 'search', q: searched });
    word = searched;
};

const command = (type, value, options) =>
    type === 'view' ? view(1, value) : tell({ t: type, [type === 'search' ? 'q' : 'v']: value, z: options?.empty && 1 });

const click = ({ target, button }) => {
    const named = target.closest('[data-sporlos]');
    const link = target.closest('a');
    if (button < 2) {
        if (named) tell({ t: 'event', v: named.dataset.sporlos });
        // None for mail and telephone.
        if (link?.hostname) {
            if (link.hostname !== location.hostname) tell({ t: 'outbound', v: link.hostname });
            else if (/\.(pdf|(doc|xls|ppt)x?|od[tsp]|rtf|csv|zip|mp[34])$/i.test(link.pathname)) tell({ t: 'download', v: link.pathname });
        }
    }
};

attempt(begin, () => {
    if (!('manual' in data)) follow(view);
    listen('focus blur scroll visibilitychange', () => look());
    listen('pagehide', () => look(1, 1));
    listen('click auxclick', click);
    const early = window.sporlos;
    window.sporlos = (...call) => attempt(command, ...call);
    early?.q?.map((call) => sporlos(...call));
});
