// The statistics API as its users see it.

// Rows of one table in days from..to (YYYY-MM-DD, inclusive): {from, key, shown, value}; value is null when hidden.
async function tableRows(stack, site, table, { from, to = from, by = 'day' }) {
    const url = `${stack.AGGREGATOR_URL}/api/v1/sites/${site}/tables/${table}?from=${from}&to=${to}&by=${by}`;
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${stack.TOKEN}` } });
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
    const { rows } = await answer.json();
    return rows.map(({ from: first, key = '', value = null }) => ({ from: first, key, shown: value !== null, value }));
}

// The shown values of one table by key.
export async function shownByKey(stack, site, table, range) {
    const rows = await tableRows(stack, site, table, range);
    return Object.fromEntries(rows.filter((row) => row.shown).map((row) => [row.key, row.value]));
}
