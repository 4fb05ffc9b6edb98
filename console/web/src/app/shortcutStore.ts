// Whether the list of keys is shown: the menu opens it as `?` does.

let open = false;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  open = next;
  listeners.forEach((each) => each());
}

export const showShortcuts = (): void => set(true);
export const hideShortcuts = (): void => set(false);
export const areShortcutsShown = (): boolean => open;

export function onShortcuts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
