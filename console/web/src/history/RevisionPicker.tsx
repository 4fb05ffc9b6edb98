// Which state of the dataset the table shows: the latest, or a past one by its number, tag or day.

import type { ReactNode } from "react";
import type { Revision } from "../api/datasets";
import type { Search } from "../app/search";
import { Popover } from "../ui/Popover";
import { ago } from "../ui/format";
import { RevisionList } from "./RevisionList";

interface Props {
  project: string;
  dataset: string;
  search: Search;
  latest: Revision | null;
  change: (changes: Record<string, string | undefined>) => void;
}

export const revisionName = (text: string): string => (/^\d+$/.test(text) ? `r${text}` : text);

export function RevisionPicker({ project, dataset, search, latest, change }: Props): ReactNode {
  const shown = search["revision"] ?? search["as_of"];
  const label = shown ? (
    <b>{revisionName(shown)}</b>
  ) : (
    <>
      <b>Latest</b>
      {latest && (
        <span className="dim">
          r{latest.revision} <span className="when">· {ago(latest.created_at)}</span>
        </span>
      )}
    </>
  );
  return (
    <Popover name="Revisions" className="button revision" label={label}>
      {(close) => {
        const go = (changes: Record<string, string | undefined>): void => {
          change({ revision: undefined, as_of: undefined, deleted: undefined, ...changes });
          close();
        };
        return (
          <RevisionList
            project={project}
            dataset={dataset}
            shown={shown}
            hint="Number, tag or day (2026-11-29)"
            first={shown && <Latest onPick={() => go({})} />}
            onPick={(revision) => go({ revision })}
            onType={(text) => {
              const isDay = /^\d{4}-\d\d-\d\d/.test(text);
              if (isDay) go({ as_of: text });
              return isDay;
            }}
          />
        );
      }}
    </Popover>
  );
}

const Latest = ({ onPick }: { onPick: () => void }): ReactNode => (
  <li>
    <button type="button" onClick={onPick}>
      <b>Latest</b>
    </button>
  </li>
);
