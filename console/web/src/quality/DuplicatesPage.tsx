export function DuplicatesPage(): null {
  return null;
}
