// The list of keys that act, on `?`.

import { useSyncExternalStore, type ReactNode } from "react";
import { urlOf } from "../api/http";
import { Key } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { useShortcuts } from "../ui/shortcuts";
import { SHORTCUTS } from "./shortcutList";
import { areShortcutsShown, hideShortcuts, onShortcuts, showShortcuts } from "./shortcutStore";

export function Shortcuts(): ReactNode {
  const open = useSyncExternalStore(onShortcuts, areShortcutsShown);
  useShortcuts({ "?": showShortcuts });
  if (!open) return null;
  return (
    <Dialog title="Keyboard" onClose={hideShortcuts}>
      <ShortcutTable />
      <footer>
        <a href={urlOf("/api/schema/swagger-ui/")} target="_blank" rel="noreferrer">
          API documentation
        </a>
        <span className="dim">All that this page does can be done by a program.</span>
      </footer>
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
