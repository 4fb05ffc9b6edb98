// Buttons and what is written on them.

import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: "plain" | "ghost" | "primary" | "danger";
  shortcut?: string | undefined;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ kind = "plain", shortcut, children, className = "", ...rest }: Props): ReactNode {
  return (
    <button type="button" className={`button ${kind} ${className}`} aria-keyshortcuts={shortcut && ariaKeys(shortcut)} {...rest}>
      {children}
      {shortcut && <Key name={shortcut} />}
    </button>
  );
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const ariaKeys = (shortcut: string): string => shortcut.replace("Mod", isMac ? "Meta" : "Control").replace("Esc", "Escape");

export function Key({ name }: { name: string }): ReactNode {
  const text = name.replace("Mod+", isMac ? "⌘" : "Ctrl ").replace("Enter", "↵").replace("Shift+", "⇧");
  return <kbd aria-hidden="true">{text}</kbd>;
}
