// All datasets of a project.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Suspense, lazy, useState, type ReactNode } from "react";
import { datasets, type ListedDataset } from "../api/datasets";
import { Shell } from "../app/Shell";
import type { Search } from "../app/search";
import { Button } from "../ui/Button";
import { SearchBox } from "../ui/SearchBox";
import { Empty, ErrorNotice, Loading } from "../ui/Notice";
import { number, plural } from "../ui/format";
import { useShortcuts } from "../ui/shortcuts";
import { DatasetDialog } from "./DatasetDialog";
import { DatasetTable } from "./DatasetTable";
import { useArchive } from "./useArchive";

const EraseDatasetDialog = lazy(() => import("../erase/EraseDatasetDialog").then((module) => ({ default: module.EraseDatasetDialog })));

const ORDERS = [
  ["-created_at", "Newest first"],
  ["created_at", "Oldest first"],
  ["-updated_at", "Last edited first"],
] as const;

export function DatasetsPage(): ReactNode {
  const { project } = useParams({ strict: false }) as { project: string };
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const [edited, setEdited] = useState<ListedDataset | "new" | null>(null);
  const [erased, setErased] = useState<ListedDataset | null>(null);
  const archive = useArchive(project);
  const query = useInfiniteQuery(datasets(project, search));
  const found = query.data?.pages.flatMap((page) => page.results) ?? [];
  const count = query.data?.pages[0]?.count ?? 0;
  const inTrash = search["deleted"] === "true";
  const change = (changes: Record<string, string | undefined>): void =>
    void navigate({ to: ".", search: ((before: Search) => ({ ...before, ...changes })) as never, replace: true });
  useShortcuts({ n: () => setEdited("new") });

  return (
    <Shell
      project={project}
      actions={
        <Button kind="primary" shortcut="N" onClick={() => setEdited("new")}>
          New dataset
        </Button>
      }
    >
      <div className="bar">
        <SearchBox value={search["search"] ?? ""} onChange={(text) => change({ search: text || undefined })} name="Search datasets" />
        <div className="segments" role="group" aria-label="Which datasets">
          <button type="button" aria-pressed={!inTrash} onClick={() => change({ deleted: undefined })}>
            In use
          </button>
          <button type="button" aria-pressed={inTrash} onClick={() => change({ deleted: "true" })}>
            Archived
          </button>
        </div>
        <select aria-label="Order" value={search["order_by"] ?? "-created_at"} onChange={(event) => change({ order_by: event.target.value === "-created_at" ? undefined : event.target.value })}>
          {ORDERS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <span className="space" />
        {query.data && <span className="total">{plural(count, "dataset")}</span>}
      </div>
      <main className="page flush">
        {query.error ? (
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : !query.data ? (
          <Loading what="datasets" />
        ) : found.length ? (
          <>
            <DatasetTable project={project} datasets={found} onEdit={setEdited} onRestore={(dataset) => archive.mutate({ dataset, deleted: false })} onErase={setErased} />
            {query.hasNextPage && (
              <p className="more">
                <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
                  Show more of {number(count)}
                </Button>
              </p>
            )}
          </>
        ) : (
          <NoDatasets search={search} onNew={() => setEdited("new")} />
        )}
      </main>
      {erased && (
        <Suspense>
          <EraseDatasetDialog project={project} dataset={erased} onClose={() => setErased(null)} />
        </Suspense>
      )}
      {edited && <DatasetDialog project={project} dataset={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </Shell>
  );
}

function NoDatasets({ search, onNew }: { search: Search; onNew: () => void }): ReactNode {
  if (search["search"]) return <Empty title={`No dataset has “${search["search"]}” in its name, description or labels`} />;
  if (search["deleted"]) return <Empty title="No dataset is archived" />;
  return (
    <Empty title="No dataset yet">
      <p>A dataset holds the cases that your model is tested on: an input, the output that is expected, and labels.</p>
      <Button kind="primary" onClick={onNew}>
        Make the first one
      </Button>
    </Empty>
  );
}
