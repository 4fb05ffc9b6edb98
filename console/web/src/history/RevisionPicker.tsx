// Which state of the dataset the table shows: the latest, or a past one by its number, tag or day.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { revisions, type Revision } from "../api/datasets";
import type { Search } from "../app/search";
import { Button } from "../ui/Button";
import { ErrorNotice } from "../ui/Notice";
import { Popover } from "../ui/Popover";
import { Time } from "../ui/Time";
import { ago, personName } from "../ui/format";
import { changesText } from "./changesText";

interface Props {
  project: string;
  dataset: string;
  search: Search;
  latest: Revision | null;
  change: (changes: Record<string, string | undefined>) => void;
}

export function RevisionPicker({ project, dataset, search, latest, change }: Props): ReactNode {
  const shown = search["revision"] ?? search["as_of"];
  return (
    <Popover
      name="Revisions"
      className="button revision"
      label={
        shown ? (
          <b>{/^\d+$/.test(shown) ? `r${shown}` : shown}</b>
        ) : (
          <>
            <b>Latest</b>
            {latest && (
              <span className="dim">
                r{latest.revision} · {ago(latest.created_at)}
              </span>
            )}
          </>
        )
      }
    >
      {(close) => <Choices project={project} dataset={dataset} shown={shown} change={(changes) => { change(changes); close(); }} />}
    </Popover>
  );
}

function Choices({ project, dataset, shown, change }: Pick<Props, "project" | "dataset" | "change"> & { shown: string | undefined }): ReactNode {
  const query = useInfiniteQuery(revisions(project, dataset));
  const [text, setText] = useState("");
  const all = query.data?.pages.flatMap((page) => page.results) ?? [];
  const found = all.filter((each) => !text || String(each.revision) === text || each.tags.some((tag) => tag.includes(text.toLowerCase())) || each.message?.toLowerCase().includes(text.toLowerCase()));
  const go = (revision: string | undefined): void => change({ revision, as_of: undefined, deleted: undefined });
  return (
    <div className="revisions">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const typed = text.trim();
          if (/^\d{4}-\d\d-\d\d/.test(typed)) change({ as_of: typed, revision: undefined, deleted: undefined });
          else if (typed) go(typed);
        }}
      >
        <input autoFocus aria-label="Number, tag or day" placeholder="Number, tag or day (2026-11-29)" value={text} onChange={(event) => setText(event.target.value)} />
      </form>
      {query.error && <ErrorNotice error={query.error} />}
      <ul>
        {shown && (
          <li>
            <button type="button" onClick={() => go(undefined)}>
              <b>Latest</b>
            </button>
          </li>
        )}
        {found.map((each) => (
          <li key={each.revision}>
            <button type="button" aria-current={String(each.revision) === shown} onClick={() => go(String(each.revision))}>
              <span className="mono">r{each.revision}</span>
              <span className="what">
                {each.tags.map((tag) => (
                  <span key={tag} className="tag">
                    {tag}
                  </span>
                ))}{" "}
                {each.message || changesText(each)}
              </span>
              <span className="dim">
                {personName(each.created_by)}, <Time at={each.created_at} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {query.hasNextPage && <Button onClick={() => void query.fetchNextPage()}>Show more</Button>}
    </div>
  );
}
