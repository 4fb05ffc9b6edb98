// Items that say the same: groups of equals, and all but the oldest of each archived.

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { duplicates, duplicatesPath, fieldsOf } from "../api/duplicates";
import { Shell } from "../app/Shell";
import type { Search } from "../app/search";
import { CopyAs } from "../items/CopyAs";
import { CONTENT_FIELDS, type ContentField } from "../items/item";
import { Button } from "../ui/Button";
import { Empty, ErrorNotice, Loading } from "../ui/Notice";
import { number, plural } from "../ui/format";
import { ArchiveDialog } from "./ArchiveDialog";
import { GroupTable } from "./GroupTable";

export const NAMES: Readonly<Record<ContentField, string>> = {
  input: "Input",
  output: "Output",
  metadata: "Metadata",
  ref_source_id: "Source id",
  ref_trace_id: "Trace",
  ref_timestamp: "Time",
};

export function DuplicatesPage(): ReactNode {
  const { project, dataset } = useParams({ strict: false });
  const search = useSearch({ strict: false }) as Search;
  if (project === undefined || dataset === undefined) return null;
  return (
    <Shell project={project} dataset={dataset}>
      <Duplicates project={project} dataset={dataset} fields={fieldsOf(search["on"])} />
    </Shell>
  );
}

function Duplicates({ project, dataset, fields }: { project: string; dataset: string; fields: readonly ContentField[] }): ReactNode {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [isArchiving, setArchiving] = useState(false);
  const on = fields.join(",");
  const query = useInfiniteQuery({ ...duplicates(project, dataset, on), enabled: fields.length > 0 });
  const groups = query.data?.pages.flatMap((page) => page.results) ?? [];
  const count = query.data?.pages[0]?.count;
  const toggle = (field: ContentField): void => {
    const chosen = CONTENT_FIELDS.filter((each) => (each === field) !== fields.includes(each));
    // The last one stays.
    if (chosen.length) void navigate({ to: ".", search: { on: chosen.join(",") } as never });
  };
  return (
    <>
      <div className="bar">
        <span className="dim">Equal in</span>
        <div className="segments" role="group" aria-label="Fields that are equal">
          {CONTENT_FIELDS.map((field) => (
            <button key={field} type="button" aria-pressed={fields.includes(field)} onClick={() => toggle(field)}>
              {NAMES[field]}
            </button>
          ))}
        </div>
        <span className="space" />
        {count !== undefined && <span className="total">{count ? <><b>{number(count)}</b> {count === 1 ? "group" : "groups"}</> : "no duplicates"}</span>}
        <CopyAs path={duplicatesPath(project, dataset)} query={{ on }} />
        <Button disabled={!count} onClick={() => setArchiving(true)}>
          Archive all but the oldest
        </Button>
      </div>
      <main className="page flush">
        {query.error ? (
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : !query.data ? (
          <Loading what="the duplicates" />
        ) : groups.length ? (
          <GroupTable project={project} dataset={dataset} groups={groups} field={fields[0] ?? "input"} />
        ) : (
          <Empty title={`No two items have the same ${fields.map((field) => NAMES[field].toLowerCase()).join(", ")}`}>
            <p>JSON is compared by its value: neither the order of keys nor 1.0 for 1 makes a difference.</p>
          </Empty>
        )}
        {query.hasNextPage && (
          <p className="more">
            <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
              Show more of {plural(count ?? 0, "group")}
            </Button>
          </p>
        )}
      </main>
      {isArchiving && (
        <ArchiveDialog
          project={project}
          dataset={dataset}
          on={on}
          onClose={() => setArchiving(false)}
          onDone={() => {
            setArchiving(false);
            void client.invalidateQueries();
          }}
        />
      )}
    </>
  );
}
