export function KeysPage(): null {
  return null;
}
