// What a new key may do, in four steps; each also reads the names of people and projects, which the console shows.

export const POWERS = [
  { name: "read", label: "Read datasets", scopes: ["dataset:read", "project:read", "user:read"] },
  { name: "write", label: "Read and change datasets", scopes: ["dataset:write", "project:read", "user:read"] },
  { name: "erase", label: "Read, change and erase datasets", scopes: ["dataset:write", "dataset:erase", "project:read", "user:read"] },
  { name: "all", label: "Everything, API keys too", scopes: ["*"] },
] as const;

export type Power = (typeof POWERS)[number]["name"];

export const scopesOf = (power: Power): string[] => [...(POWERS.find((each) => each.name === power)?.scopes ?? [])];
