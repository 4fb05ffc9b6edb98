export function HelpPage(): null {
  return null;
}
