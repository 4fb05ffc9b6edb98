// Which two revisions, and which of their differences.

import type { ReactNode } from "react";
import { CHANGES, type Comparison } from "../api/comparison";
import { RevisionList } from "../history/RevisionList";
import { revisionName } from "../history/RevisionPicker";
import { Button } from "../ui/Button";
import { Popover } from "../ui/Popover";
import { number } from "../ui/format";

interface Props {
  project: string;
  dataset: string;
  from: string;
  to: string;
  change: string | undefined;
  first: Comparison | undefined;
  go: (changes: Record<string, string | undefined>) => void;
  children: ReactNode;
}

const NAMES = { changed: "Changed", added: "Added", removed: "Removed" } as const;

export function CompareBar({ project, dataset, from, to, change, first, go, children }: Props): ReactNode {
  const counts = first?.counts;
  const total = counts && counts.changed + counts.added + counts.removed;
  return (
    <div className="bar">
      <Side name="From" project={project} dataset={dataset} shown={from} exact={first?.from} onPick={(revision) => go({ from: revision })} />
      <span aria-hidden="true">→</span>
      <Side name="To" project={project} dataset={dataset} shown={to} exact={first?.to} onPick={(revision) => go({ to: revision })} />
      <Button kind="ghost" onClick={() => go({ from: to, to: from })}>
        Swap
      </Button>
      <div className="segments" role="group" aria-label="Which differences">
        <button type="button" aria-pressed={!change} onClick={() => go({ change: undefined })}>
          All {total !== undefined && number(total)}
        </button>
        {CHANGES.map((each) => (
          <button key={each} type="button" aria-pressed={change === each} className={counts?.[each] ? each : "none"} onClick={() => go({ change: each })}>
            {NAMES[each]} {counts && number(counts[each])}
          </button>
        ))}
      </div>
      <span className="space" />
      {children}
    </div>
  );
}

interface SideProps {
  name: string;
  project: string;
  dataset: string;
  shown: string;
  exact: number | undefined;
  onPick: (revision: string) => void;
}

function Side({ name, project, dataset, shown, exact, onPick }: SideProps): ReactNode {
  const isName = !/^\d+$/.test(shown);
  const label = (
    <>
      <span className="hidden">{name} </span>
      <b>{revisionName(shown)}</b>
      {isName && exact !== undefined && <span className="dim">r{exact}</span>}
    </>
  );
  return (
    <Popover name={`${name} revision`} className="button revision" label={label}>
      {(close) => (
        <RevisionList
          project={project}
          dataset={dataset}
          shown={shown}
          hint="Number, tag or latest"
          onPick={(revision) => {
            onPick(revision);
            close();
          }}
        />
      )}
    </Popover>
  );
}
