// Numbers, times and names as people read them.

import type { User } from "../api/client";

const numbers = new Intl.NumberFormat("en-US");
export const number = (value: number): string => numbers.format(value);
export const plural = (count: number, one: string, many = `${one}s`): string => `${number(count)} ${count === 1 ? one : many}`;

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

export function ago(time: string, now = Date.now()): string {
  const then = Date.parse(time);
  const seconds = (now - then) / 1000;
  if (Number.isNaN(then)) return time;
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 2 * 86_400) return "yesterday";
  return new Date(then).getFullYear() === new Date(now).getFullYear() ? day.format(then) : dayAndYear.format(then);
}

/** `2026-11-24 09:12:44 UTC`, with the fraction where there is one. */
export const exactTime = (time: string): string => time.replace("T", " ").replace(/\.?0*Z$/, (end) => (end.includes(".") ? " UTC" : " UTC")).replace("Z", " UTC");

export const personName = (user: User | null): string => {
  if (!user) return "unknown";
  return `${user.first_name} ${user.last_name ?? ""}`.trim() || user.email;
};

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  const units = ["kB", "MB", "GB"];
  const power = Math.min(Math.floor(Math.log10(count) / 3), units.length);
  const value = count / 1000 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1] as string}`;
}

export const shortId = (id: string): string => (id.length > 14 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);
