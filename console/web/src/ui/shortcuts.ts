// Keys that act where nothing is being typed.

import { useEffect, useRef } from "react";

export type Shortcuts = Readonly<Record<string, ((event: KeyboardEvent) => void) | undefined>>;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && Boolean(target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], .cm-editor"));

export function nameOf(event: KeyboardEvent): string {
  const name = event.key === "Escape" ? "Esc" : event.key === " " ? "Space" : event.key;
  const mod = event.metaKey || event.ctrlKey ? "Mod+" : "";
  return mod + (name.length === 1 ? name.toLowerCase() : name);
}

/** Keys named `Mod+…` act while one types, too. A dialog that is open takes all keys. */
export function useShortcuts(shortcuts: Shortcuts, enabled = true): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    if (!enabled) return;
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || document.querySelector(".overlay, .popover")) return;
      const name = nameOf(event);
      const act = latest.current[name];
      if (!act || (!name.startsWith("Mod+") && isTyping(event.target))) return;
      event.preventDefault();
      act(event);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [enabled]);
}
