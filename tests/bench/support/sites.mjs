// The two sites that a beacon is measured with, and how many leaves it makes grow there.
import { leavesOf, redisStore } from '../../e2e/support/store.mjs';

export const SITES = {
    // As a site is without any option, visitors and devices too; a third of the beacons are entries.
    all_tables: { options: '', isEntry: (n) => n % 3 === 0 },
    // What the budget of 6 000 instructions is for: every beacon an entry, so that each is placed in a municipality, and
    // makes 8 leaves grow: total, visits, page of day and month, municipality of day and month, referrer of day and month.
    '8_leaves': {
        options: ', visitors: false, tables: [total, visits, page, municipality, referrer]',
        isEntry: () => true,
        budget: 6000, // instructions
    },
};

export const siteYaml = (name) => `sites: {site.example: {mode: standard, pages: ["/side/*"]${SITES[name].options}}}\n`;

// The sum of all leaves in Redis. What it grows by while no leaf is born is the leaves that beacons touched.
export async function touches(socket) {
    const leaves = leavesOf(await redisStore({ REDIS_SOCKET: socket }));
    return [...leaves.values()].reduce((sum, value) => sum + value, 0);
}
