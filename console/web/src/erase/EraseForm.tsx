// The end of each dialog that erases: what would go, why, and a text to type, since nothing brings it back.

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Button } from "../ui/Button";
import { ErrorNotice } from "../ui/Notice";

export interface EraseOptions {
  readonly reason: string;
  readonly copies: boolean;
}

interface Props<Outcome> {
  /** Names the trial: another name is tried again. */
  name: string;
  /** What has to be typed. */
  confirmation: string;
  erase: (options: EraseOptions, dryRun: boolean) => Promise<Outcome>;
  tell: (outcome: Outcome) => ReactNode;
  button: string;
  onClose: () => void;
  onDone: (outcome: Outcome) => void;
  children: ReactNode;
}

// Some projects refuse an erasure without a reason, also when it is only tried.
const TRIAL_REASON = "Trial";

export function EraseForm<Outcome>({ name, confirmation, erase, tell, button, onClose, onDone, children }: Props<Outcome>): ReactNode {
  const [typed, setTyped] = useState("");
  const [options, setOptions] = useState<EraseOptions>({ reason: "", copies: true });
  const trial = useQuery({ queryKey: ["erase", name, options.copies], queryFn: () => erase({ reason: TRIAL_REASON, copies: options.copies }, true), gcTime: 0, staleTime: 0, retry: false });
  const run = useMutation({ mutationFn: () => erase(options, false), onSuccess: onDone });
  const error = run.error ?? trial.error;
  const isConfirmed = typed === confirmation && trial.data !== undefined && !trial.isFetching;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isConfirmed) run.mutate();
      }}
    >
      {children}
      {trial.isFetching && <p className="dim" role="status">Counting …</p>}
      {trial.data !== undefined && <div className="outcome" role="status">{tell(trial.data)}</div>}
      <label className="check">
        <input type="checkbox" checked={options.copies} onChange={(event) => setOptions({ ...options, copies: event.target.checked })} />
        <span>Also the copies that forks have made</span>
      </label>
      <label>
        <span>
          Reason <span className="dim">kept with the erasure: no personal data here</span>
        </span>
        <input maxLength={500} value={options.reason} onChange={(event) => setOptions({ ...options, reason: event.target.value })} />
      </label>
      <label>
        <span>
          Type <code className="typed">{confirmation}</code> to confirm
        </span>
        <input autoComplete="off" spellCheck={false} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </label>
      {error && <ErrorNotice error={error} />}
      <footer>
        <span className="space" />
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" type="submit" disabled={!isConfirmed || run.isPending}>
          {run.isPending ? "Erasing …" : button}
        </Button>
      </footer>
    </form>
  );
}

export const WARNING = "Erasing takes the content away for good, from every version. The numbers of versions and revisions stay. Backups keep it until they are deleted.";
