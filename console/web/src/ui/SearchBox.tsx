// A search that follows what is typed, a little later.

import { useEffect, useRef, useState, type ReactNode } from "react";
import { Key } from "./Button";
import { useShortcuts } from "./shortcuts";

const DELAY = 250;

export function SearchBox({ value, onChange, name }: { value: string; onChange: (text: string) => void; name: string }): ReactNode {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  // Back and forward change the address, and with it the text.
  if (value !== seen) {
    setSeen(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), DELAY);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  useShortcuts({ "/": () => input.current?.focus() });
  return (
    <label className="searchbox">
      <input
        ref={input}
        type="search"
        aria-label={name}
        placeholder="Search"
        value={text}
        maxLength={1000}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onChange(text);
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      {!text && <Key name="/" />}
    </label>
  );
}
