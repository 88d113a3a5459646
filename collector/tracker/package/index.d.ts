export interface LoadOptions {
    /** Where the collector is: `https://teller.example.no`. */
    collector: string;
    /** The site's name in the collector's configuration; default: the page's own host. */
    site?: string;
    /** Where beacons go; default: `/b` on the collector. */
    api?: string;
    /** Words under which every page is counted; default: `<meta name="keywords">` of each. */
    tags?: readonly string[];
    /** Names of query parameters that hold what was searched for. */
    search?: readonly string[];
    /** Count no view but those of `view()`. */
    manual?: boolean;
    /** The path goes on in the fragment: `/app#/route`. */
    hash?: boolean;
    /** The build for restricted sites, which can send views and nothing else; options from tags on do nothing. */
    restricted?: boolean;
    /** The script's versioned path, as `/s.json` of the collector has it. */
    path?: string;
    /** The digest that goes with path. */
    integrity?: string;
    /** The page's nonce, where its Content-Security-Policy has one. */
    nonce?: string;
}

export interface SearchOptions {
    /** The search found nothing. */
    empty?: boolean;
}

/** What `window.sporlos` takes. */
export interface Sporlos {
    (type: 'view', path?: string): void;
    (type: 'search', word: string, options?: SearchOptions): void;
    (type: 'event' | 'download' | 'outbound' | 'missing', value: string): void;
}

/** Load the tracker, once; nothing happens where there is no document. */
export function load(options: LoadOptions): void;
export const sporlos: Sporlos;
/** A view of that path, default the page's own. Only needed with `manual`. */
export function view(path?: string): void;
export function search(word: string, options?: SearchOptions): void;
/** An event of the site's own. */
export function event(name: string): void;
/** A page that is not there. */
export function missing(path?: string): void;

declare global {
    interface Window {
        /** Absent until the tracker has come, unless the page or this package has put a queue there. */
        sporlos?: Sporlos;
    }
}
