// The browser's half for restricted sites:  <script defer src="https://COLLECTOR/s-restricted.js" data-site="example.no"></script>
//
// For every page view it sends which site, which path, and whether the view is an entry; for who declines, that alone.
// There is no code in it that could send anything else. docs/beacon.md has the format; common.js the attributes.
import { attempt, begin, entered, follow, send } from './common.js';

let entry = entered;

// The path of the last view: only another path is another view, so a changed query or fragment is none.
let path;

function view(again) {
    if (again || path !== location.pathname) {
        path = location.pathname;
        // Only the path: query and fragment may hold what the reader typed.
        send('u=' + encodeURIComponent(path) + (entry ? '&n=1' : ''));
        entry = false;
    }
}

attempt(begin, () => follow(view));
