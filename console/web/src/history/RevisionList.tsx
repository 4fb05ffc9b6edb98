// A sheet to choose a revision from: by its number, a tag, a day where that is possible, or from the list.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { revisions, type Revision } from "../api/datasets";
import { Button } from "../ui/Button";
import { ErrorNotice } from "../ui/Notice";
import { Time } from "../ui/Time";
import { personName } from "../ui/format";
import { changesText } from "./changesText";

interface Props {
  project: string;
  dataset: string;
  shown: string | undefined;
  /** What the field says that it takes. */
  hint: string;
  first?: ReactNode;
  onPick: (revision: string) => void;
  /** What is typed, where it is more than a name of a revision. */
  onType?: (text: string) => boolean;
}

export function RevisionList({ project, dataset, shown, hint, first, onPick, onType }: Props): ReactNode {
  const query = useInfiniteQuery(revisions(project, dataset));
  const [text, setText] = useState("");
  const all = query.data?.pages.flatMap((page) => page.results) ?? [];
  const found = all.filter((each) => fits(each, text));
  return (
    <div className="revisions">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const typed = text.trim();
          if (typed && !onType?.(typed)) onPick(typed.replace(/^r(?=\d+$)/, ""));
        }}
      >
        <input autoFocus aria-label={hint} placeholder={hint} value={text} onChange={(event) => setText(event.target.value)} />
      </form>
      {query.error && <ErrorNotice error={query.error} />}
      <ul>
        {first}
        {found.map((each) => (
          <RevisionChoice key={each.revision} revision={each} isShown={String(each.revision) === shown || each.tags.includes(shown ?? "")} onPick={onPick} />
        ))}
      </ul>
      {query.data && !found.length && <p className="dim">{text ? `No revision is called “${text}”. Enter tries it all the same.` : "No revision yet."}</p>}
      {query.hasNextPage && <Button onClick={() => void query.fetchNextPage()}>Show more</Button>}
    </div>
  );
}

function fits({ revision, tags, message }: Revision, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return !wanted || String(revision) === wanted.replace(/^r/, "") || tags.some((tag) => tag.includes(wanted)) || Boolean(message?.toLowerCase().includes(wanted));
}

function RevisionChoice({ revision, isShown, onPick }: { revision: Revision; isShown: boolean; onPick: (revision: string) => void }): ReactNode {
  return (
    <li>
      <button type="button" aria-current={isShown} onClick={() => onPick(String(revision.revision))}>
        <span className="mono">r{revision.revision}</span>
        <span className="what">
          {revision.tags.map((tag) => (
            <span key={tag} className="tag">
              {tag}
            </span>
          ))}{" "}
          {revision.message || changesText(revision)}
        </span>
        <span className="dim">
          {personName(revision.created_by)}, <Time at={revision.created_at} />
        </span>
      </button>
    </li>
  );
}
