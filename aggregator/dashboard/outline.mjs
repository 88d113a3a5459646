// Writes map_outline.h: the outline of mainland Norway as an SVG path, from npm world-atlas (Natural Earth 1:10m), and the
// constants of the projection, so that map.c places municipalities by the very same formula.
//   node outline.mjs MODULES OUT.h
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';

const [modules, out] = process.argv.slice(2);
const require = createRequire(resolve(modules, '..', 'package.json'));
const { feature } = require('topojson-client');
const WIDTH = 400; // units of the viewBox
const PADDING = 22; // room for a circle on the coast
const MERIDIAN = 15; // degrees east: that of UTM zone 33, the usual one for all of Norway
const TOLERANCE = 0.75; // units: what simplification may move a point by
const SMALLEST = 5; // square units: smaller islands are left out

const radians = (degrees) => (degrees * Math.PI) / 180;

// Transverse Mercator on the sphere (Snyder 1987, 8-1, 8-3), radius 1, y upwards.
function project([longitude, latitude]) {
  const l = radians(longitude - MERIDIAN);
  const f = radians(latitude);
  return [Math.atanh(Math.cos(f) * Math.sin(l)), Math.atan2(Math.tan(f), Math.cos(l))];
}

function simplify(points) {
  if (points.length < 3) return points;
  const [a, b] = [points[0], points.at(-1)];
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy);
  let [worst, at] = [0, 0];
  for (let i = 1; i < points.length - 1; i++) {
    const [px, py] = [points[i][0] - a[0], points[i][1] - a[1]];
    const distance = length === 0 ? Math.hypot(px, py) : Math.abs(px * dy - py * dx) / length;
    if (distance > worst) [worst, at] = [distance, i];
  }
  if (worst <= TOLERANCE) return [a, b];
  return [...simplify(points.slice(0, at + 1)).slice(0, -1), ...simplify(points.slice(at))];
}

// A ring is simplified in two halves, cut where it is farthest from its start.
function simplifyRing(ring) {
  let [far, at] = [0, 0];
  ring.forEach(([x, y], i) => {
    const distance = Math.hypot(x - ring[0][0], y - ring[0][1]);
    if (distance > far) [far, at] = [distance, i];
  });
  return [...simplify(ring.slice(0, at + 1)).slice(0, -1), ...simplify(ring.slice(at)).slice(0, -1)];
}

function area(ring) {
  let sum = 0;
  ring.forEach(([x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length];
    sum += x * ny - nx * y;
  });
  return Math.abs(sum) / 2;
}

const write = (ring) => {
  let [x, y] = ring[0].map(Math.round);
  let path = `M${x} ${y}l`;
  for (const point of ring.slice(1)) {
    const [px, py] = point.map(Math.round);
    if (px === x && py === y) continue;
    path += `${path.endsWith('l') || px - x < 0 ? '' : ' '}${px - x}${py - y < 0 ? '' : ' '}${py - y}`;
    [x, y] = [px, py];
  }
  return `${path}z`;
};

const world = JSON.parse(readFileSync(require.resolve('world-atlas/countries-10m.json'), 'utf8'));
const norway = feature(world, world.objects.countries).features.find((country) => country.id === '578');
const rings = norway.geometry.coordinates
  .map((polygon) => polygon[0])
  .filter((ring) => ring.every(([longitude, latitude]) => latitude > 57 && latitude < 72 && longitude > 3))
  .map((ring) => ring.map(project));
const xs = rings.flat().map((point) => point[0]);
const ys = rings.flat().map((point) => point[1]);
const [west, north] = [xs.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.max(a, b))];
const [east, south] = [xs.reduce((a, b) => Math.max(a, b)), ys.reduce((a, b) => Math.min(a, b))];
const scale = (WIDTH - 2 * PADDING) / (east - west);
const height = Math.ceil((north - south) * scale + 2 * PADDING);
const fit = ([x, y]) => [PADDING + (x - west) * scale, PADDING + (north - y) * scale];
const path = rings
  .map((ring) => ring.map(fit))
  .filter((ring) => area(ring) >= SMALLEST)
  .map((ring) => write(simplifyRing(ring)))
  .join('');

writeFileSync(
  out,
  `/* Written by outline.mjs from Natural Earth (public domain) by way of npm world-atlas. */
#define MAP_WIDTH ${WIDTH}
#define MAP_HEIGHT ${height}
#define MAP_PADDING ${PADDING}
#define MAP_MERIDIAN ${MERIDIAN}.0
#define MAP_WEST ${west}
#define MAP_NORTH ${north}
#define MAP_SCALE ${scale}
static const char map_outline[] =
${path.match(/.{1,100}/g).map((line) => `    "${line}"`).join('\n')};
`,
);
