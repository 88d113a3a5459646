// Bundles the style sheet and drops what no page can use: custom properties that nothing reads, and rules that name a
// colour or size of Designsystemet the pages do not have. The theme alone is 50 KB before this.
//   node style.mjs MODULES STYLE.css OUT.css
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';

const [modules, source, out] = process.argv.slice(2);
const require = createRequire(resolve(modules, '..', 'package.json'));
const esbuild = require('esbuild');

// Values of attributes that the pages write; a selector with another one never matches.
const USED = {
  'data-color': ['accent', 'neutral', 'success', 'warning'],
  'data-size': ['sm', 'xs', '2xs'],
  'data-variant': ['tertiary'],
  'data-color-scheme': ['auto'],
  'data-typography': [],
};
// Attributes and elements that no page has.
const ABSENT = [
  /\[data-(clickdelegatefor|sticky-header|zebra|hover|border|field|icon|position|state|command|color=main|floating|size-mode|indeterminate)\b/,
  /\[aria-(sort|readonly|disabled|busy|invalid)\b/,
  /\[(readonly|multiple|size|role=(button|switch))\b/,
  /type=["']?(radio|checkbox|color|date|datetime-local|time|month|week|file|search|range|number|tel|url|email)\b/,
  /\.ds-(field-affix|card__block|floating|checkbox|readonly-icon|icon|focus|list|field-affixes|print-preserve)\b/,
  /u-summary|::part|:disabled|:indeterminate|\(:checked|tfoot|>caption|:read-only/,
];

const { outputFiles } = await esbuild.build({
  entryPoints: [source],
  bundle: true,
  minify: true,
  write: false,
  nodePaths: [modules],
  target: ['chrome120', 'firefox121', 'safari17.2'],
  loader: { '.svg': 'dataurl' },
});
// Paper is white, whatever the screen is.
let css = outputFiles[0].text
  .replace(/@media ?\(prefers-color-scheme: ?dark\)/g, '@media screen and (prefers-color-scheme:dark)')
  .replace(/@media ?\(prefers-color-scheme: ?light\)/g, '@media not screen,(prefers-color-scheme:light)');

// Split at the top level of text by a separator, outside of strings and brackets.
function split(text, separator) {
  const parts = [];
  let [depth, quote, from] = [0, '', 0];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if (quote) quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (c === separator && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

// A style sheet or block as a list of { head, body } and { text }.
function parse(text) {
  const nodes = [];
  let [depth, quote, from, open] = [0, '', 0, 0];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if (quote) quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === '(' || c === '[') depth += 100;
    else if (c === ')' || c === ']') depth -= 100;
    else if (c === '{' && depth++ === 0) open = i;
    else if (c === '}' && --depth === 0) {
      nodes.push({ head: text.slice(from, open).trim(), body: parse(text.slice(open + 1, i)) });
      from = i + 1;
    } else if (c === ';' && depth === 0) {
      nodes.push({ text: text.slice(from, i).trim() });
      from = i + 1;
    }
  }
  if (text.slice(from).trim()) nodes.push({ text: text.slice(from).trim() });
  return nodes;
}

function canMatch(selector) {
  const bare = selector.replace(/:not\((?:[^()]|\([^()]*\))*\)/g, '');
  if (ABSENT.some((pattern) => pattern.test(bare.replace(/:(is|where|has)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*,(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g, '')))) return false;
  for (const [, name, value] of bare.matchAll(/\[([\w-]+)[~|^$*]?=["']?([\w-]+)["']?\]/g))
    if (USED[name] && !USED[name].includes(value)) return false;
  return true;
}

function prune(nodes) {
  return nodes.flatMap((node) => {
    if (!node.body) return [node];
    const body = prune(node.body);
    if (node.head.startsWith('@')) return body.length ? [{ ...node, body }] : [];
    const head = split(node.head, ',').filter(canMatch).join(',');
    return head && body.length ? [{ head, body }] : [];
  });
}

const write = (nodes) =>
  nodes.map((node) => (node.body ? `${node.head}{${write(node.body)}}` : `${node.text};`)).join('');

function dropUnread(nodes, read) {
  return nodes.flatMap((node) => {
    if (node.body) {
      const body = dropUnread(node.body, read);
      return body.length || node.head.startsWith('@') ? [{ ...node, body }] : [];
    }
    const name = /^(--[\w-]+)\s*:/.exec(node.text)?.[1];
    return name && !read.has(name) ? [] : [node];
  });
}

let tree = prune(parse(css));
for (let before = ''; before !== css; ) {
  before = css;
  css = write(tree);
  tree = dropUnread(tree, new Set([...css.matchAll(/var\((--[\w-]+)/g)].map((match) => match[1])));
}
writeFileSync(out, css);
