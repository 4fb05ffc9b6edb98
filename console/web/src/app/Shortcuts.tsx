// The list of keys that act, on `?`.

import { useState, type ReactNode } from "react";
import { Key } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { useShortcuts } from "../ui/shortcuts";
import { SHORTCUTS } from "./shortcutList";

export function Shortcuts(): ReactNode {
  const [open, setOpen] = useState(false);
  useShortcuts({ "?": () => setOpen(true) });
  if (!open) return null;
  return (
    <Dialog title="Keyboard" onClose={() => setOpen(false)}>
      <ShortcutTable />
    </Dialog>
  );
}

export function ShortcutTable(): ReactNode {
  return (
    <dl className="shortcuts">
      {SHORTCUTS.map(([keys, what]) => (
        <div key={keys}>
          <dt>
            {keys.split(" ").map((each) => (each === "or" ? " or " : <Key key={each} name={each} />))}
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}
