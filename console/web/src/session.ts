// The key of this tab: in its session storage alone, never in an address, a cookie or lasting storage.

const NAME = "datasets.key";
let key: string | null = null;
const listeners = new Set<() => void>();

/** Takes the key out of `/#key=…` and the key out of the address, before anything else reads either. */
export function startSession(): void {
  const inFragment = /^#key=(.+)$/.exec(location.hash);
  if (inFragment) history.replaceState(null, "", location.pathname + location.search);
  key = inFragment ? decodeURIComponent(inFragment[1] as string) : sessionStorage.getItem(NAME);
  if (key) sessionStorage.setItem(NAME, key);
}

export const currentKey = (): string | null => key;

export function signIn(value: string): void {
  key = value;
  sessionStorage.setItem(NAME, value);
  listeners.forEach((each) => each());
}

export function signOut(): void {
  key = null;
  sessionStorage.removeItem(NAME);
  listeners.forEach((each) => each());
}

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
