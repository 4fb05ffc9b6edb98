// A table without rows: why, and what to do next.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Search } from "../app/search";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Notice";

interface Props {
  project: string;
  dataset: string;
  hasFilter: boolean;
  search: Search;
  change: (changes: Record<string, string | undefined>) => void;
}

export function NoItems({ project, dataset, hasFilter, search, change }: Props): ReactNode {
  if (search["deleted"] && Object.keys(search).length === 1) return <Empty title="No item is archived" />;
  if (hasFilter)
    return (
      <Empty title="No item matches">
        <p>Remove a filter, or all of them.</p>
        <Button onClick={() => change(Object.fromEntries(Object.keys(search).filter((name) => !["columns", "rows", "order_by", "revision"].includes(name)).map((name) => [name, undefined])))}>
          Remove all filters
        </Button>
      </Empty>
    );
  if (search["revision"]) return <Empty title="The dataset had no items at this revision" />;
  return (
    <Empty title="No items yet">
      <p>Import a file that you have: JSON Lines, JSON, CSV, Excel or Parquet. You see what becomes of it before anything is stored.</p>
      <Link className="button primary" to="/projects/$project/datasets/$dataset/import" params={{ project, dataset }} search={{}}>
        Import a file
      </Link>{" "}
      <Button onClick={() => change({ dialog: "new" })}>Write an item</Button>
    </Empty>
  );
}
