// Serves what dashboard_preview wrote under the dashboard's own Content-Security-Policy, takes a picture of every page and
// runs axe on it: WCAG 2.1 A and AA, light and dark, 1200 and 390 px. Fails on any violation, any sideways scrolling and
// anything the policy refused.
//   node dashboard_look.mjs PAGES PICTURES [PAGE.html]
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [pages, pictures, only] = process.argv.slice(2);
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const BUDGET = 25 * 1024; // bytes of a page and its style sheet, compressed

const server = createServer((request, response) => {
  const file = join(pages, new URL(request.url, 'http://x').pathname.replace(/[^a-z.-]/g, ''));
  if (!existsSync(file)) return response.writeHead(file.endsWith('.ico') ? 204 : 404).end();
  response.writeHead(200, {
    'Content-Type': file.endsWith('.css') ? 'text/css' : 'text/html; charset=utf-8',
    'Content-Security-Policy': POLICY,
  });
  response.end(readFileSync(file));
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const base = `http://127.0.0.1:${server.address().port}`;

mkdirSync(pictures, { recursive: true });
const profile = mkdtempSync(join(tmpdir(), 'sporlos-look-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  bypassCSP: false,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});

const problems = [];
const style = gzipSync(readFileSync(join(pages, 'style.css')), { level: 9 }).length;
for (const name of readdirSync(pages).filter((file) => file.endsWith('.html') && (!only || only.split(",").includes(file)))) {
  const bytes = gzipSync(readFileSync(join(pages, name)), { level: 6 }).length;
  console.log(`${name}: ${bytes} + ${style} bytes compressed`);
  if (bytes + style > BUDGET) problems.push(`${name}: over the budget`);
  for (const width of [1200, 390]) {
    for (const colorScheme of ['light', 'dark']) {
      const where = `${name} ${width} ${colorScheme}`;
      const page = await context.newPage();
      page.on('console', (message) => problems.push(`${where}: ${message.text()}`));
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(`${base}/${name}`);
      await page.screenshot({ path: join(pictures, `${name.slice(0, -5)}-${width}-${colorScheme}.png`), fullPage: true });
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
        problems.push(`${where}: scrolls sideways`);
      // With every table unfolded, so that nothing is left unlooked at.
      await page.evaluate(() => document.querySelectorAll('main details').forEach((details) => (details.open = true)));
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() =>
        axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }));
      for (const { id, help, nodes } of violations)
        problems.push(`${where}: ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(' | ')}`);
      await page.close();
    }
  }
}
const page = await context.newPage();
await page.goto(`${base}/overview.html`);
await page.pdf({ path: join(pictures, 'overview.pdf'), format: 'A4' });
await context.close();
server.close();
rmSync(profile, { recursive: true, force: true });
problems.forEach((problem) => console.log(problem));
console.log(problems.length === 0 ? 'no problems' : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
