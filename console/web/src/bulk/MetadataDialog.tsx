// Sets one key of the metadata of what is selected.

import { useState, type ReactNode } from "react";
import { sizeOf } from "../items/selection";
import { problemOf } from "../json/check";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { plural } from "../ui/format";
import { toast } from "../ui/toasts";
import type { BulkDialogProps } from "./ChangeDialog";
import { Confirm } from "./Confirm";
import { batchesFor, sendBatch } from "./metadataKey";
import { undo } from "./undo";
import { useBulk } from "./useBulk";

/** What reads as JSON is that value; anything else is a text, as in cells of a CSV file. */
export const rawValueOf = (text: string): string => (text.trim() && !problemOf(text) ? text.trim() : JSON.stringify(text));

export function MetadataDialog({ target, onClose, onDone }: BulkDialogProps): ReactNode {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const [tried, setTried] = useState<{ key: string; raw: string } | null>(null);
  const [unfit, setUnfit] = useState(0);
  const raw = rawValueOf(value);
  const { project, dataset } = target;
  const bulk = useBulk({
    name: `metadata ${JSON.stringify(tried)}`,
    enabled: tried !== null,
    prepare: async (tell) => {
      const made = await batchesFor(target, tried?.key ?? "", tried?.raw ?? "", (found) => tell(`Read ${plural(found, "item")} …`));
      setUnfit(made.unfit);
      return made.batches;
    },
    parts: (batches) => batches.map((batch) => (dryRun: boolean) => sendBatch(target, batch, dryRun, `Set metadata.${tried?.key ?? ""} in the console`)),
    onDone: (outcome, revisions) => {
      onDone();
      const first = revisions[0];
      const run = first === undefined ? undefined : { label: "Undo", run: () => void undo(project, dataset, first - 1, revisions.at(-1) as number, onDone) };
      toast(`Set metadata.${tried?.key ?? ""} of ${plural(outcome.updated, "item")}.`, { action: run });
    },
  });
  const isTried = tried?.key === key && tried.raw === raw;
  return (
    <Dialog title={`Set metadata of ${plural(sizeOf(target.selection, target.count), "item")}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          setTried({ key, raw });
        }}
      >
        <div className="pair">
          <label>
            Key
            <input autoFocus className="mono" value={key} onChange={(event) => setKey(event.target.value)} spellCheck={false} />
          </label>
          <label>
            Value
            <input className="mono" value={value} onChange={(event) => setValue(event.target.value)} spellCheck={false} />
          </label>
        </div>
        <p className="dim">
          It becomes <code>{`"${key || "key"}": ${raw}`}</code>; the other keys stay to the letter.
        </p>
        {unfit > 0 && isTried && <p className="dirty">{plural(unfit, "item has metadata that is no object, and stays as it is", "items have metadata that is no object, and stay as they are")}.</p>}
        {isTried ? (
          <Confirm bulk={bulk as never} done="changed" button="Change" onClose={onClose} />
        ) : (
          <footer>
            <span className="space" />
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" type="submit" disabled={!key}>
              See what would change
            </Button>
          </footer>
        )}
      </form>
    </Dialog>
  );
}
