// Two revisions side by side: which items differ, and in what.

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { comparison, comparisonPath } from "../api/comparison";
import { latestRevision } from "../api/datasets";
import { Shell } from "../app/Shell";
import type { Search } from "../app/search";
import { CopyAs } from "../items/CopyAs";
import { RollbackDialog } from "../revisions/RollbackDialog";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/Copy";
import { Empty, ErrorNotice, Loading } from "../ui/Notice";
import { number, plural } from "../ui/format";
import { CompareBar } from "./CompareBar";
import { DifferenceCard } from "./DifferenceCard";
import { markdownOf } from "./markdown";

export function ComparePage(): ReactNode {
  const { project, dataset } = useParams({ strict: false });
  const search = useSearch({ strict: false }) as Search;
  if (project === undefined || dataset === undefined) return null;
  const { from, to } = search;
  return (
    <Shell project={project} dataset={dataset}>
      {from && to ? <Comparison key={`${from} ${to}`} project={project} dataset={dataset} from={from} to={to} search={search} /> : <LastChange project={project} dataset={dataset} />}
    </Shell>
  );
}

/** Without a choice: what the latest revision has changed. */
function LastChange({ project, dataset }: { project: string; dataset: string }): ReactNode {
  const { data, error, refetch } = useQuery(latestRevision(project, dataset));
  if (data) return <Navigate to="." replace search={{ from: String(data.revision - 1), to: String(data.revision) } as never} />;
  return (
    <main className="page">
      {error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : data === undefined ? <Loading what="revisions" /> : <Empty title="Nothing to compare yet" />}
    </main>
  );
}

interface Props {
  project: string;
  dataset: string;
  from: string;
  to: string;
  search: Search;
}

function Comparison({ project, dataset, from, to, search }: Props): ReactNode {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [isRollingBack, setRollingBack] = useState(false);
  const change = search["change"];
  const asked = { from, to, ...(change ? { change } : {}) };
  const query = useInfiniteQuery(comparison(project, dataset, asked));
  const first = query.data?.pages[0];
  const found = query.data?.pages.flatMap((page) => page.results) ?? [];
  const go = (changes: Record<string, string | undefined>): void => void navigate({ to: ".", search: ((before: Search) => ({ ...before, ...changes })) as never });
  return (
    <>
      <CompareBar project={project} dataset={dataset} from={from} to={to} change={change} first={first} go={go}>
        {first && <CopyButton text={() => markdownOf(first, found)} name="the differences">Copy as Markdown</CopyButton>}
        <CopyAs path={comparisonPath(project, dataset)} query={asked} />
        {first && (
          <Button onClick={() => setRollingBack(true)}>
            Roll back to r{first.from}
          </Button>
        )}
      </CompareBar>
      <main className="page compare">
        {query.error ? (
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : !first ? (
          <Loading what="the differences" />
        ) : found.length ? (
          found.map((each) => <DifferenceCard key={each.id} project={project} dataset={dataset} difference={each} from={first.from} to={first.to} />)
        ) : (
          <NoDifference change={change} from={first.from} to={first.to} />
        )}
        {query.hasNextPage && first && (
          <p className="more">
            <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
              Show more of {plural(first.count, "item")}
            </Button>
            <span className="dim">{number(found.length)} are shown</span>
          </p>
        )}
      </main>
      {isRollingBack && first && (
        <RollbackDialog
          project={project}
          dataset={dataset}
          revision={{ revision: first.from }}
          onClose={() => setRollingBack(false)}
          onDone={() => {
            setRollingBack(false);
            void client.invalidateQueries();
            go({ from: String(first.from), to: "latest", change: undefined });
          }}
        />
      )}
    </>
  );
}

function NoDifference({ change, from, to }: { change: string | undefined; from: number; to: number }): ReactNode {
  if (change) return <Empty title={`No item was ${change} between r${from} and r${to}`} />;
  return (
    <Empty title={from === to ? "A revision is the same as itself" : `The items of r${from} and r${to} are the same`}>
      <p>Values that differ in their spelling alone, such as 1.0 and 1, count as the same here.</p>
    </Empty>
  );
}
