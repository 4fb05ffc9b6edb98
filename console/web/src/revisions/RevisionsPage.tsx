// All revisions of a dataset, newest first: who did what, and why; to look at, tag or return to.

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { revisions, type Revision } from "../api/datasets";
import { Shell } from "../app/Shell";
import { Button } from "../ui/Button";
import { Empty, ErrorNotice, Loading } from "../ui/Notice";
import { number } from "../ui/format";
import { ForkDialog } from "./ForkDialog";
import { RevisionTable } from "./RevisionTable";
import { RollbackDialog } from "./RollbackDialog";
import { TagDialog } from "./TagDialog";

export type Act = "tag" | "rollback" | "fork";
type Open = { readonly what: Act; readonly revision: Revision };

export function RevisionsPage(): ReactNode {
  const { project, dataset } = useParams({ strict: false }) as { project: string; dataset: string };
  const client = useQueryClient();
  const query = useInfiniteQuery(revisions(project, dataset));
  const [open, setOpen] = useState<Open | null>(null);
  const found = query.data?.pages.flatMap((page) => page.results) ?? [];
  const shared = { project, dataset, onClose: () => setOpen(null), onDone: () => { setOpen(null); void client.invalidateQueries(); } };
  return (
    <Shell project={project} dataset={dataset}>
      <main className="page flush">
        {query.error ? (
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : !query.data ? (
          <Loading what="revisions" />
        ) : found.length ? (
          <RevisionTable project={project} dataset={dataset} revisions={found} onOpen={(what, revision) => setOpen({ what, revision })} />
        ) : (
          <Empty title="No revision yet">
            <p>Each change of the items makes one.</p>
          </Empty>
        )}
        {query.hasNextPage && (
          <p className="more">
            <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
              Show more of {number(query.data?.pages[0]?.count ?? 0)}
            </Button>
          </p>
        )}
      </main>
      {open?.what === "tag" && <TagDialog {...shared} revision={open.revision} />}
      {open?.what === "fork" && <ForkDialog {...shared} revision={open.revision} />}
      {open?.what === "rollback" && <RollbackDialog {...shared} revision={open.revision} />}
    </Shell>
  );
}
