// Short messages about what was done, each with at most one thing to do about it.

import { useSyncExternalStore, type ReactNode } from "react";
import { Button } from "./Button";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
  readonly bad?: boolean | undefined;
}

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  listeners.forEach((each) => each());
}

export const dismiss = (id: number): void => set(toasts.filter((each) => each.id !== id));

/** A message with an action stays for a while; one that only tells goes sooner. */
export function toast(text: string, more: Pick<Toast, "action" | "bad"> = {}): void {
  const id = ++lastId;
  set([...toasts.slice(-2), { id, text, ...more }]);
  setTimeout(() => dismiss(id), more.action ? 20_000 : 6_000);
}

export function Toasts(): ReactNode {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, action, bad }) => (
        <div key={id} className={bad ? "toast bad" : "toast"}>
          <span>{text}</span>
          {action && (
            <Button
              kind="ghost"
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <Button kind="ghost" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ×
          </Button>
        </div>
      ))}
    </div>
  );
}
