export function HistoryPage(): null {
  return null;
}
