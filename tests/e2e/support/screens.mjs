// Three sites with believable numbers, and every screen of them: what tests of pages look at.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUILD, ROOT, run } from './process.mjs';

export const STANDARD = 'parorendesenteret.example';
export const RESTRICTED = 'ungeparorende.example';
export const EMPTY = 'nytt.example';

// Without fetched data: enough places for a list, a map and two counties.
const FEW_PLACES = `fylke,03,Oslo
fylke,46,Vestland
fylke,50,Trøndelag
kommune,0301,Oslo,59.91,10.75,700000
kommune,4601,Bergen,60.39,5.32,290000
kommune,4640,Sogndal,61.23,7.1,12000
kommune,4650,Gulen,60.99,5.08,2200
kommune,5001,Trondheim,63.43,10.39,210000
kommune,5006,Steinkjer,64.01,11.5,24000
`;

// The fetched gazetteer, else one with those, written into the folder.
export async function findGazetteer(folder) {
    const fetched = [process.env.SPORLOS_DATA, join(ROOT, 'build/data'), join(ROOT, '.work/data')]
        .map((one) => one && join(one, 'gazetteer.csv'))
        .find((file) => file && existsSync(file));
    if (fetched) return fetched;
    await writeFile(join(folder, 'gazetteer.csv'), FEW_PLACES);
    return join(folder, 'gazetteer.csv');
}

// The section sites, with the lines before it.
export const SITES = `
  ${STANDARD}:
    mode: standard
    search_parameter: sok
    sections: {"/demens/**": Demens, "/rettigheter/**": Rettigheter}
    tags: [demens, avlastning, barn, økonomi, sorg, angst]
    feedback: {ja: Ja, nei: Nei, fant-ikke: "Jeg fant ikke det jeg lette etter", uklart: "Det var vanskelig å forstå"}
    embed: ["https://www.parorendesenteret.example"]
  ${RESTRICTED}:
    mode: restricted
    pages: ["/", "/demens", "/sorg"]
  ${EMPTY}:
    mode: standard
`;

export const seedArchive = (archive, gazetteer) => run(`${BUILD}/bin/dashboard_seed`, [archive, gazetteer]);

const SUFFIXES = [
    ['overview', ''],
    ['content', '/content'],
    ['page', '/page?path=/demens/avlastning'],
    ['places', '/places'],
    ['county', '/places?county=46&compare=year'],
    ['sources', '/sources'],
    ['searches', '/searches'],
    ['feedback', '/feedback'],
    ['events', '/events'],
    ['privacy', '/privacy'],
];
const dayBack = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
// What choices make of them.
const CHOSEN = [
    ['own-days', `?period=custom&from=${dayBack(50)}&to=${dayBack(20)}&compare=none`],
    ['own-days-many', `?period=custom&from=${dayBack(200)}&to=${dayBack(20)}`],
    ['yesterday', '?period=yesterday'],
    ['filtered', '/content?list=page&q=dem&period=90d'],
];
const PRIVATE = [
    ['reports', '/reports'],
    ['settings', '/settings'],
    ['share', '/share'],
];
const under = (base, prefix, rows) => rows.map(([name, suffix]) => [prefix + name, base + suffix]);

// [name, path] of each. link: the path of a public link of the standard site.
export const everyScreen = (link) => [
    ...under(`/sites/${STANDARD}`, '', [...SUFFIXES, ...PRIVATE]),
    ...under(`/sites/${RESTRICTED}`, 'restricted-', [...SUFFIXES.filter(([name]) => name !== 'county'), ...PRIVATE].map(([name, suffix]) => [name, suffix.replace('/avlastning', '')])),
    ...under(`/sites/${STANDARD}`, 'chosen-', CHOSEN),
    ['wrong-days', `/sites/${STANDARD}?period=custom&from=${dayBack(20)}&to=${dayBack(50)}`],
    ...under(`/sites/${EMPTY}`, 'empty-', [['overview', ''], ['content', '/content'], ['settings', '/settings']]),
    ...under(link, 'public-', SUFFIXES),
    ['frame', `/embed/${STANDARD}`],
    ['sites', '/'],
    ['account', '/account'],
    ['users', '/users'],
    ['users-self', '/users?done=self'],
    ['access-log', '/access-log'],
    ['declarations', '/declaration'],
    ['declaration', `/declaration/${STANDARD}`],
    ['restricted-declaration', `/declaration/${RESTRICTED}`],
    ['login', '/login'],
    ['error', `/sites/${STANDARD}/nothing`],
    ['unknown', '/finnes-ikke'],
    ['gone', '/public/x'],
];

// What a screen of that name answers with.
const STATUS = { error: 404, unknown: 404, gone: 404, 'wrong-days': 400 };
export const statusOf = (name) => STATUS[name] ?? 200;

// Made by the same code of the same words as another: for what is slow, the other is enough.
export const ALIKE = new Set([
    ...['content', 'page', 'places', 'county', 'sources', 'searches', 'feedback', 'events'].map((name) => `public-${name}`), // public-overview has all that a link changes
    ...['feedback', 'events'].map((name) => `restricted-${name}`), // restricted-searches says why, too
    ...['settings', 'share'].map((name) => `restricted-${name}`),
    'empty-content', 'users-self', 'restricted-declaration',
]);
