// Moves what is selected to another dataset of the project.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { datasets } from "../api/datasets";
import { sizeOf } from "../items/selection";
import { Dialog } from "../ui/Dialog";
import { plural } from "../ui/format";
import { toast } from "../ui/toasts";
import type { BulkDialogProps } from "./ChangeDialog";
import { Confirm } from "./Confirm";
import { MOST, partsOfTarget, patchPart } from "./target";
import { useBulk } from "./useBulk";

export function MoveDialog({ target, onClose, onDone }: BulkDialogProps): ReactNode {
  const { project, dataset } = target;
  const [search, setSearch] = useState("");
  const [to, setTo] = useState<{ id: string; name: string } | null>(null);
  const found = useInfiniteQuery(datasets(project, search ? { search } : {}));
  const others = found.data?.pages[0]?.results.filter((each) => each.id !== dataset).slice(0, 20) ?? [];
  const bulk = useBulk({
    name: `move ${to?.id ?? ""}`,
    enabled: to !== null,
    prepare: (tell) => partsOfTarget(target, (count) => tell(`Found ${plural(count, "item")} …`)),
    parts: (parts) => parts.map((part) => (dryRun: boolean) => patchPart(project, part, { dataset: to?.id }, dryRun, `Moved to ${to?.name ?? ""}`)),
    onDone: ({ updated, ids }) => {
      onDone();
      const back = async (): Promise<void> => {
        for (let i = 0; i < ids.length; i += MOST) await patchPart(project, { ids: ids.slice(i, i + MOST) }, { dataset }, false, "Moved back");
        toast(`Moved ${plural(updated, "item")} back.`);
        onDone();
      };
      toast(`Moved ${plural(updated, "item")} to ${to?.name ?? ""}.`, { action: { label: "Undo", run: () => void back().catch((error: unknown) => toast(String(error), { bad: true })) } });
    },
  });
  return (
    <Dialog title={`Move ${plural(sizeOf(target.selection, target.count), "item")}`} onClose={onClose}>
      <div className="form">
        <label>
          To the dataset
          <input autoFocus type="search" placeholder="Search datasets" value={search} onChange={(event) => setSearch(event.target.value)} />
        </label>
        <div className="choices" role="radiogroup" aria-label="Datasets">
          {others.map((each) => (
            <label key={each.id} className="check">
              <input type="radio" name="to" checked={to?.id === each.id} onChange={() => setTo(each)} />
              <span>{each.name}</span>
            </label>
          ))}
          {found.data && !others.length && <p className="dim">No other dataset{search && ` has “${search}”`}.</p>}
        </div>
        <Confirm bulk={bulk as never} done="moved" button="Move" onClose={onClose} />
      </div>
    </Dialog>
  );
}
