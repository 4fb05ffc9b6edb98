// The end of each bulk dialog: what would happen, counted by the service, and the button that does it.

import type { ReactNode } from "react";
import { Button } from "../ui/Button";
import { ErrorNotice } from "../ui/Notice";
import { number, plural } from "../ui/format";
import type { useBulk } from "./useBulk";

interface Props {
  bulk: ReturnType<typeof useBulk<never>>;
  /** Such as “archived”. */
  done: string;
  button: string;
  onClose: () => void;
  note?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
}

export function Confirm({ bulk: { trial, run, progress }, done, button, onClose, note, danger = false, disabled = false }: Props): ReactNode {
  const outcome = trial.data?.outcome;
  const error = run.error ?? trial.error;
  return (
    <>
      {outcome && (
        <div className="outcome" role="status">
          <div>
            <b>{number(outcome.updated)}</b> would be {done}
          </div>
          {outcome.unchanged > 0 && (
            <div className="dim">
              <b>{number(outcome.unchanged)}</b> stay as they are
            </div>
          )}
        </div>
      )}
      {(trial.isFetching || run.isPending) && (
        <p className="dim" role="status">
          {progress || (run.isPending ? "Working …" : "Counting …")}
        </p>
      )}
      {error && <ErrorNotice error={error} onRetry={run.error ? undefined : () => void trial.refetch()} />}
      {note}
      <footer>
        <span className="space" />
        <Button onClick={onClose}>Cancel</Button>
        <Button kind={danger ? "danger" : "primary"} disabled={disabled || !outcome || outcome.updated === 0 || run.isPending} onClick={() => run.mutate()}>
          {outcome && outcome.updated > 0 ? `${button} ${plural(outcome.updated, "item")}` : button}
        </Button>
      </footer>
    </>
  );
}
