// A sample: so many items, the same ones for everybody who has the same seed.

import { useState, type ReactNode } from "react";
import type { Search } from "../app/search";
import { Button } from "../ui/Button";
import { Popover } from "../ui/Popover";

export function SampleSheet({ search, change }: { search: Search; change: (changes: Record<string, string | undefined>) => void }): ReactNode {
  return (
    <Popover label="Sample" name="Sample">
      {(close) => <SampleForm search={search} change={change} close={close} />}
    </Popover>
  );
}

function SampleForm({ search, change, close }: { search: Search; change: (changes: Record<string, string | undefined>) => void; close: () => void }): ReactNode {
  const [size, setSize] = useState(search["sample"] ?? "100");
  const [seed, setSeed] = useState(search["seed"] ?? "1");
  return (
    <form
      className="form filter"
      onSubmit={(event) => {
        event.preventDefault();
        change({ sample: size, seed });
        close();
      }}
    >
      <p className="dim">So many items, chosen by chance: the same ones for everybody with the same seed.</p>
      <div className="pair">
        <label>
          Items
          <input type="number" min={1} autoFocus value={size} onChange={(event) => setSize(event.target.value)} />
        </label>
        <label>
          Seed
          <input type="number" value={seed} onChange={(event) => setSeed(event.target.value)} />
        </label>
      </div>
      <footer>
        <span className="space" />
        <Button kind="primary" type="submit" disabled={!size}>
          Show the sample
        </Button>
      </footer>
    </form>
  );
}
