// Light, dark, or as the system is.

import type { ReactNode } from "react";
import { applyTheme, usePreference } from "../ui/preferences";

const CHOICES = [
  [null, "System"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;

export function ThemeChoice(): ReactNode {
  const [theme, setTheme] = usePreference("theme");
  return (
    <div className="segments" role="group" aria-label="Theme">
      {CHOICES.map(([value, label]) => (
        <button
          key={label}
          type="button"
          aria-pressed={theme === value}
          onClick={() => {
            setTheme(value);
            applyTheme();
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
