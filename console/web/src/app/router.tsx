// The addresses of the console. What is not seen at first is loaded when it is.

import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { basePath } from "../api/basePath";
import { DatasetsPage } from "../datasets/DatasetsPage";
import { ItemsPage } from "../items/ItemsPage";
import { HomePage } from "./HomePage";
import { Root } from "./Root";
import { NotFound, PageError } from "./failures";
import { parseSearch, stringifySearch, type Search } from "./search";

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Root,
  notFoundComponent: NotFound,
  validateSearch: (search: Record<string, unknown>): Search => search as Search,
});

const at = <const Path extends string>(path: Path, component: ReturnType<typeof lazyRouteComponent> | (() => React.ReactNode)) =>
  createRoute({ getParentRoute: () => root, path, component });

const home = at("/", HomePage);
const datasets = at("/projects/$project/datasets", DatasetsPage);
const items = at("/projects/$project/datasets/$dataset", ItemsPage);
const importing = at("/projects/$project/datasets/$dataset/import", lazyRouteComponent(() => import("../transfer/ImportPage"), "ImportPage"));
const revisions = at("/projects/$project/datasets/$dataset/revisions", lazyRouteComponent(() => import("../revisions/RevisionsPage"), "RevisionsPage"));

const comparing = at("/projects/$project/datasets/$dataset/compare", lazyRouteComponent(() => import("../compare/ComparePage"), "ComparePage"));
const schemas = at("/projects/$project/datasets/$dataset/schemas", lazyRouteComponent(() => import("../schemas/SchemasPage"), "SchemasPage"));
const duplicates = at("/projects/$project/datasets/$dataset/duplicates", lazyRouteComponent(() => import("../duplicates/DuplicatesPage"), "DuplicatesPage"));
const keys = at("/keys", lazyRouteComponent(() => import("../keys/KeysPage"), "KeysPage"));

const routeTree = root.addChildren([home, datasets, items, importing, revisions, comparing, schemas, duplicates, keys]);

export const makeRouter = (client: QueryClient) =>
  createRouter({
    routeTree,
    basepath: basePath || "/",
    context: { client },
    parseSearch,
    stringifySearch,
    defaultErrorComponent: PageError,
    defaultPreload: "intent",
    scrollRestoration: false,
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
