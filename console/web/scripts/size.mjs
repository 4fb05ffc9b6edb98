// Fails where the console is larger than it may be: what the first page loads, and what the editor adds.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMITS = { first: 250_000, editor: 140_000 };
const assets = fileURLToPath(new URL("../../dist/assets/", import.meta.url));
const index = readFileSync(fileURLToPath(new URL("../../dist/index.html", import.meta.url)), "utf8");
const sizeOf = (name) => gzipSync(readFileSync(assets + name)).length;

const names = readdirSync(assets);
const first = names.filter((name) => index.includes(name));
const sizes = {
  first: first.reduce((sum, name) => sum + sizeOf(name), 0),
  editor: names.filter((name) => /^(JSONEditor|MergeEditor)/.test(name)).reduce((sum, name) => sum + sizeOf(name), 0),
};
for (const [part, size] of Object.entries(sizes)) {
  console.log(`${part}: ${(size / 1000).toFixed(1)} kB of ${LIMITS[part] / 1000} kB, gzipped`);
  if (size > LIMITS[part]) process.exitCode = 1;
}
