// Writes src/api/schema.d.ts from the part of openapi.yaml that the console calls.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { load } from "js-yaml";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const document = load(readFileSync(here("../../../openapi.yaml"), "utf8"));
// The other prefix says everything twice.
const wanted = (path) => !path.startsWith("/api/environments/") && !path.startsWith("/v2/") && path.startsWith("/api/");
document.paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => wanted(path)));
const head = "// Made by `npm run types` from openapi.yaml. Do not edit.\n";
mkdirSync(here("../src/api"), { recursive: true });
writeFileSync(here("../src/api/schema.d.ts"), head + astToString(await openapiTS(document)));
