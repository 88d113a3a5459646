// A reader of CSV that is not ours: the cells of a text with ';' or ',' or tabs between, whichever its first line has.
export function parseCsv(text) {
    const first = text.split('\n')[0];
    const separator = [';', '\t', ','].find((one) => first.includes(one)) ?? ',';
    const cells = [];
    let [cell, quoted] = ['', false];
    for (let i = 0; i < text.length; i++) {
        const c = text[i];
        if (quoted && c === '"' && text[i + 1] === '"') (cell += '"'), i++;
        else if (c === '"') quoted = !quoted;
        else if (!quoted && (c === separator || c === '\n')) cells.push(cell.replace(/\r$/, '')), (cell = '');
        else cell += c;
    }
    if (cell !== '') cells.push(cell);
    return cells;
}
