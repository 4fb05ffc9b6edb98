// Asks what a new key is for, what it may do, and where.

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { projects } from "../api/datasets";
import { createKey, type APIKey } from "../api/keys";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { ErrorNotice } from "../ui/Notice";
import { POWERS, scopesOf, type Power } from "./scopes";

export function NewKeyDialog({ onClose, onMade }: { onClose: () => void; onMade: (key: APIKey) => void }): ReactNode {
  const [label, setLabel] = useState("");
  const [power, setPower] = useState<Power>("read");
  const [reach, setReach] = useState<ReadonlySet<number>>(new Set());
  const { data } = useQuery(projects);
  const all = data?.results ?? [];
  const run = useMutation({
    mutationFn: () => createKey({ label: label.trim(), scopes: scopesOf(power), ...(reach.size ? { scoped_teams: [...reach] } : {}) }),
    onSuccess: onMade,
  });
  const toggle = (id: number): void => setReach((before) => (before.has(id) ? new Set([...before].filter((each) => each !== id)) : new Set([...before, id])));
  return (
    <Dialog title="New API key" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (label.trim()) run.mutate();
        }}
      >
        <label>
          Label
          <input autoFocus maxLength={40} value={label} placeholder="What uses it, such as: nightly evaluation" onChange={(event) => setLabel(event.target.value)} />
        </label>
        <fieldset>
          <legend>Permissions</legend>
          {POWERS.map((each) => (
            <label key={each.name} className="check">
              <input type="radio" name="power" checked={power === each.name} onChange={() => setPower(each.name)} />
              {each.label}
            </label>
          ))}
        </fieldset>
        {all.length > 1 && (
          <fieldset>
            <legend>
              In <span className="dim">{reach.size ? "" : "all your projects, unless you choose some"}</span>
            </legend>
            <div className="choices">
              {all.map((each) => (
                <label key={each.id} className="check">
                  <input type="checkbox" checked={reach.has(each.id)} onChange={() => toggle(each.id)} />
                  <span>{each.name}</span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
        {run.error && <ErrorNotice error={run.error} />}
        <footer>
          <span className="space" />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={!label.trim() || run.isPending}>
            Create the key
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
