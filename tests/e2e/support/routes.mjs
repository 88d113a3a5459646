// The tables of routes, read from the sources that dispatch by them: what a test that wants to see everything must have seen.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './process.mjs';

const source = (file) => readFile(join(ROOT, file), 'utf8');

// As `fits` in routes.c: '*' is one segment, '**' at the end any rest. A '{parameter}' of the API is one segment.
const expression = (pattern) =>
    new RegExp(`^${pattern.replaceAll('.', '\\.').replace(/\{[^}]*\}/g, '*').split('/').map((word) => (word === '**' ? '.*' : word === '*' ? '[^/]+' : word)).join('/')}$`);

const row = (method, pattern, isFine) => ({ name: `${method} ${pattern}`, method, fits: expression(pattern), isFine });

const isThere = (status) => status === 200 || status === 303;
const isMissing = (status) => status === 404;

async function pageRows() {
    const text = await source('aggregator/dashboard/routes.c');
    const found = [...text.matchAll(/^ {4}\{ "(\/[^"]*)", ACCESS_(\w+), ACCESS_(\w+), (true|false), (\w+) \},$/gm)];
    if (found.length !== text.match(/^ {4}\{ "/gm).length) throw new Error('routes.c has rows that are not understood');
    return found.flatMap(([, pattern, read, change, isPublic, answer]) => {
        const rows = [];
        // Below a public link there is the same page once more.
        if (isPublic === 'true') rows.push(row('GET', pattern.replace('/sites/', '/public/'), isThere));
        if (read !== 'NOBODY') rows.push(row('GET', pattern, answer === 'route_missing' ? isMissing : isThere));
        if (change !== 'NOBODY') rows.push(row('POST', pattern, isThere));
        return rows;
    });
}

async function apiRows() {
    const found = [...(await source('aggregator/api_routes.h')).matchAll(/^ {4}X\(\w+, HTTP_(\w+), "(\/[^"]*)"/gm)];
    if (found.length === 0) throw new Error('api_routes.h has no rows that are understood');
    return found.map(([, method, path]) => row(method, path, isThere));
}

// Ticks off what was visited; the first row that fits is what answers. missing(): the rows that are left.
export async function routeList() {
    const rows = [...(await apiRows()), ...(await pageRows())];
    const left = new Set(rows.map(({ name }) => name));
    return {
        visited(method, path, status) {
            const first = rows.find((one) => one.method === method && one.fits.test(path));
            if (first?.isFine(status)) left.delete(first.name);
        },
        missing: () => [...left],
    };
}
