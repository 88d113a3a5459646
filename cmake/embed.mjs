// Turns files into a C source and header: node embed.mjs --modules DIR --out PREFIX url-name=path...
// Writes PREFIX.c, PREFIX.h and PREFIX.d (what was read, for the build tool). See include/sporlos/asset.h.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const CONTENT_TYPES = {
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.svg': 'image/svg+xml',
    '.ico': 'image/x-icon',
    '.png': 'image/png',
    '.woff2': 'font/woff2',
    '.json': 'application/json',
    '.txt': 'text/plain; charset=utf-8',
};
const BUNDLED = new Set(['.js', '.css']);
const BYTES_PER_LINE = 24;

function arguments_() {
    const { values, positionals } = parseArgs({
        options: { modules: { type: 'string' }, out: { type: 'string' } },
        allowPositionals: true,
    });
    if (!values.modules || !values.out || positionals.length === 0) {
        throw new Error('usage: embed.mjs --modules DIR --out PREFIX url-name=path...');
    }
    const files = positionals.map((pair) => {
        const split = pair.indexOf('=');
        return { name: pair.slice(0, split), path: resolve(pair.slice(split + 1)) };
    });
    return { modules: resolve(values.modules), out: values.out, files };
}

// esbuild comes from the build tree, where node would not look for it.
export function loadBundler(modules) {
    return createRequire(resolve(modules, '..', 'package.json'))('esbuild');
}

async function bundle(esbuild, modules, path) {
    const result = await esbuild.build({
        entryPoints: [path],
        bundle: true,
        minify: true,
        write: false,
        metafile: true,
        format: extname(path) === '.mjs' ? 'esm' : 'iife', // a module is for import()
        target: ['es2021', 'chrome100', 'firefox100', 'safari15'],
        legalComments: 'none',
        charset: 'utf8',
        loader: { '.svg': 'dataurl', '.woff2': 'dataurl' },
        nodePaths: [modules],
        logLevel: 'warning',
    });
    if (result.warnings.length > 0) {
        throw new Error(`${path}: ${result.warnings.length} warnings`);
    }
    return {
        bytes: Buffer.from(result.outputFiles[0].contents),
        inputs: Object.keys(result.metafile.inputs).map((input) => resolve(input)),
    };
}

export async function build(esbuild, modules, { name, path }) {
    const contentType = CONTENT_TYPES[extname(name)];
    if (!contentType) {
        throw new Error(`${name}: no content type for '${extname(name)}'; add it to CONTENT_TYPES`);
    }
    const { bytes, inputs } = BUNDLED.has(extname(name))
        ? await bundle(esbuild, modules, path)
        : { bytes: await readFile(path), inputs: [path] };
    return {
        name,
        contentType,
        inputs,
        identity: bytes,
        gzip: ifSmaller(bytes, gzipSync(bytes, { level: 9 })),
        brotli: ifSmaller(bytes, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })),
        version: createHash('sha384').update(bytes).digest('hex').slice(0, 16),
        sha384: createHash('sha384').update(bytes).digest('base64'),
    };
}

function ifSmaller(bytes, compressed) {
    return compressed.length < bytes.length ? compressed : null;
}

const identifier = (text) => text.replace(/[^A-Za-z0-9]/g, '_');
const upper = (text) => identifier(text).toUpperCase();

function byteArray(symbol, bytes) {
    const lines = [];
    for (let at = 0; at < bytes.length; at += BYTES_PER_LINE) {
        lines.push(`    ${[...bytes.subarray(at, at + BYTES_PER_LINE)].join(',')},`);
    }
    return `static const unsigned char ${symbol}[${bytes.length}] = {\n${lines.join('\n')}\n};\n`;
}

function sourceText(prefix, assets) {
    const encodings = ['identity', 'gzip', 'brotli'];
    const arrays = [];
    const rows = assets.map((asset) => {
        const members = encodings.map((encoding) => {
            if (!asset[encoding]) {
                return `     .${encoding} = 0, .${encoding}_length = 0,`;
            }
            const symbol = `${identifier(asset.name)}_${encoding}`;
            arrays.push(byteArray(symbol, asset[encoding]));
            return `     .${encoding} = ${symbol}, .${encoding}_length = sizeof ${symbol},`;
        });
        return [
            `    {.name = "${asset.name}", .content_type = "${asset.contentType}",`,
            ...members,
            `     .version = "${asset.version}", .sha384 = "${asset.sha384}"},`,
        ].join('\n');
    });
    return `/* Made by cmake/embed.mjs. */\n#include "${prefix}.h"\n\n${arrays.join('\n')}
const struct asset ${prefix}[${upper(prefix)}_COUNT] = {\n${rows.join('\n')}\n};\n`;
}

function headerText(prefix, assets) {
    const guard = `SPORLOS_${upper(prefix)}_H`;
    const members = assets.map((asset) => `    ${upper(prefix)}_${upper(asset.name)},`);
    return `/* Made by cmake/embed.mjs: ${assets.map((asset) => asset.name).join(', ')}. */
#ifndef ${guard}\n#define ${guard}\n\n#include "sporlos/asset.h"\n
enum {\n${members.join('\n')}\n    ${upper(prefix)}_COUNT\n};\n
extern const struct asset ${prefix}[${upper(prefix)}_COUNT];\n\n#endif\n`;
}

function dependencyText(out, assets) {
    const escape = (path) => path.replace(/[ #]/g, '\\$&').replace(/\$/g, '$$$$');
    const inputs = new Set(assets.flatMap((asset) => asset.inputs));
    return `${escape(out)}.c ${escape(out)}.h: ${[...inputs].map(escape).join(' ')}\n`;
}

async function main() {
    const { modules, out, files } = arguments_();
    const esbuild = loadBundler(modules);
    const prefix = basename(out);
    const assets = [];
    for (const file of files) {
        assets.push(await build(esbuild, modules, file));
    }
    await writeFile(`${out}.c`, sourceText(prefix, assets));
    await writeFile(`${out}.h`, headerText(prefix, assets));
    await writeFile(`${out}.d`, dependencyText(out, assets));
    for (const { name, identity, gzip, brotli } of assets) {
        console.log(`${name}: ${identity.length} bytes, gzip ${gzip?.length ?? '-'}, brotli ${brotli?.length ?? '-'}`);
    }
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
    main().catch((error) => {
        console.error(error.errors ? `embed: ${error.errors.length} errors` : `embed: ${error.message}`);
        process.exitCode = 1;
    });
}
