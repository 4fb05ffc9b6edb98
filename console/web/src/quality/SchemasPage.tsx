export function SchemasPage(): null {
  return null;
}
