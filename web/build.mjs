// Builds the page into dist/: files named after their content, each also compressed, and the one index.html.
// `node build.mjs` once, `--watch` while you write, `--tests` runs the tests of the pure parts.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const MOST_FIRST_BYTES = 100_000; // what the first view may weigh, compressed
const watching = process.argv.includes("--watch");

if (process.argv.includes("--tests")) await test();
else if (watching) await watch();
else await build();

async function build() {
  const out = join(here, `dist.${process.pid}`);
  try {
    const result = await esbuild.build(options(out));
    await finish(out, result.metafile);
    // One rename, so that the front never serves half of a build.
    const old = join(here, `dist.old.${process.pid}`);
    await rename(join(here, "dist"), old).catch(ignoreMissing);
    await rename(out, join(here, "dist"));
    await rm(old, { recursive: true, force: true });
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function watch() {
  const out = join(here, "dist");
  const finishing = {
    name: "finish",
    setup(built) {
      built.onEnd(async ({ errors, metafile }) => {
        if (errors.length === 0) await finish(out, metafile);
      });
    },
  };
  const context = await esbuild.context({ ...options(out), plugins: [finishing], logLevel: "info" });
  await context.watch();
}

function options(out) {
  return {
    absWorkingDir: here,
    entryPoints: { main: "src/main.tsx" },
    outdir: join(out, "assets"),
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022"],
    minify: !watching,
    sourcemap: watching ? "inline" : false,
    legalComments: "none",
    metafile: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
  };
}

async function finish(out, metafile) {
  const entry = Object.entries(metafile.outputs).find(([, made]) => made.entryPoint === "src/main.tsx");
  const script = entry[0];
  const style = entry[1].cssBundle;
  const icon = await hashed(out, "src/icon.svg");
  const names = { script, style };
  let page = await readFile(join(here, "src/index.html"), "utf8");
  for (const [name, file] of Object.entries(names)) {
    page = page.replaceAll(`{${name}}`, `/assets/${file.split("/").at(-1)}`);
  }
  page = page.replaceAll("{icon}", icon);
  await writeFile(join(out, "index.html"), page);
  const first = await compress(out, [script, style, ...imported(metafile, script)]);
  if (!watching && first > MOST_FIRST_BYTES) {
    throw new Error(`the first view weighs ${first} bytes compressed; at most ${MOST_FIRST_BYTES} are allowed`);
  }
}

async function hashed(out, source) {
  const content = await readFile(join(here, source));
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const [stem, ending] = source.split("/").at(-1).split(".");
  await mkdir(join(out, "assets"), { recursive: true });
  await writeFile(join(out, "assets", `${stem}-${digest}.${ending}`), content);
  return `/assets/${stem}-${digest}.${ending}`;
}

function imported(metafile, file, seen = new Set()) {
  for (const { path, kind } of metafile.outputs[file].imports) {
    if (kind === "import-statement" && !seen.has(path)) {
      seen.add(path);
      imported(metafile, path, seen);
    }
  }
  return [...seen];
}

async function compress(out, firstFiles) {
  const first = new Set(firstFiles.map((file) => file.split("/").at(-1)));
  const assets = (await readdir(join(out, "assets"))).map((name) => join(out, "assets", name));
  let weight = 0;
  for (const file of [join(out, "index.html"), ...assets]) {
    if (/\.(br|gz)$/.test(file)) continue;
    const content = await readFile(file);
    const [small, older] = await Promise.all([brotli(content), gz(content)]);
    await writeFile(`${file}.br`, small);
    await writeFile(`${file}.gz`, older);
    const name = file.split("/").at(-1);
    if (name === "index.html" || first.has(name)) weight += small.length;
  }
  return weight;
}

function brotli(content) {
  const quality = watching ? 4 : constants.BROTLI_MAX_QUALITY;
  return promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
}

function gz(content) {
  return promisify(gzip)(content, { level: 9 });
}

async function test() {
  const found = (await readdir(join(here, "tests"), { recursive: true })).filter((name) => name.endsWith(".test.ts"));
  const out = join(here, `build/tests.${process.pid}`);
  try {
    await esbuild.build({
      absWorkingDir: here,
      entryPoints: found.map((name) => `tests/${name}`),
      outbase: "tests",
      outdir: out,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      platform: "node",
      format: "esm",
      target: ["node20"],
      jsx: "automatic",
      jsxImportSource: "preact",
      logLevel: "warning",
    });
    const files = found.map((name) => join(out, name.replace(/\.ts$/, ".mjs")));
    const { status } = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" });
    process.exitCode = status ?? 1;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function ignoreMissing(error) {
  if (error.code !== "ENOENT") throw error;
}
