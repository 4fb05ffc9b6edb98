// What a person prefers in this browser: widths, theme, links to traces. Nothing secret, and nothing that a link needs.

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(`datasets.${name}`);
  } catch {
    return null;
  }
}

export function writePreference(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`datasets.${name}`);
    else localStorage.setItem(`datasets.${name}`, value);
  } catch {
    // A browser that keeps nothing still shows everything.
  }
  listeners.forEach((each) => each());
}

export function usePreference(name: string): [string | null, (value: string | null) => void] {
  const value = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => readPreference(name),
  );
  return [value, (next) => writePreference(name, next)];
}

export function applyTheme(): void {
  const theme = readPreference("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
  else delete document.documentElement.dataset["theme"];
}
