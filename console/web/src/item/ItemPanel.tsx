// The item that is open beside the table: its content, its versions, its JSON.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { itemQuery, type VersionedItem } from "../api/items";
import type { Search } from "../app/search";
import type { Item } from "../items/item";
import { rawOf, sliceOf } from "../json/slice";
import { prettyOf } from "../json/format";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/Copy";
import { ErrorNotice, Loading } from "../ui/Notice";
import { shortId } from "../ui/format";
import { useShortcuts } from "../ui/shortcuts";
import { Content } from "./Content";
import { RawView } from "./ValueView";
import { Editor } from "./Editor";
import { Versions } from "./Versions";
import { keptDraft } from "./draft";

interface Props {
  project: string;
  dataset: string;
  id: string;
  listed: Item | undefined;
  next: Item | undefined;
  search: Search;
  writable: boolean;
  change: (changes: Record<string, string | undefined>, replace?: boolean) => void;
  onStep: (by: number) => void;
  onWritten: (made: VersionedItem) => void;
}

const TABS = [
  [undefined, "Content"],
  ["versions", "Versions"],
  ["json", "JSON"],
] as const;

export function ItemPanel({ project, dataset, id, listed, next, search, writable, change, onStep, onWritten }: Props): ReactNode {
  const client = useQueryClient();
  const past = pastOf(search, dataset);
  const query = useQuery(itemQuery(project, id, past));
  const [editing, setEditing] = useState(() => writable && keptDraft(id) !== undefined);
  const tab = search["tab"];
  const item = query.data?.item ?? listed;
  const nextId = next?.id;
  useEffect(() => {
    // J and K do not wait.
    if (nextId) void client.prefetchQuery(itemQuery(project, nextId, past));
  }, [client, project, nextId, past.revision, past.as_of]); // eslint-disable-line react-hooks/exhaustive-deps
  const close = (): void => change({ item: undefined, tab: undefined });
  const edit = (): void => {
    change({ tab: undefined }, true);
    setEditing(true);
  };
  const canEdit = writable && !editing && query.data !== undefined && !query.data.item.deleted;
  useShortcuts({ e: canEdit ? edit : undefined });
  const written = (made: VersionedItem): void => {
    client.setQueryData(itemQuery(project, id).queryKey, made);
    void client.invalidateQueries({ queryKey: ["versions", project, id] });
    onWritten(made);
  };

  return (
    <aside className="panel" aria-label="Item">
      <header>
        <span className="mono" title={id}>
          {shortId(id)}
        </span>
        <CopyButton text={id} name="the id">
          Copy id
        </CopyButton>
        {query.data && <span className="faint">v{query.data.version}</span>}
        {item?.deleted && <span className="tag warn">archived</span>}
        <span className="space" />
        <Button kind="ghost" shortcut="K" onClick={() => onStep(-1)}>
          <span aria-hidden="true">↑</span>
          <span className="hidden">Previous item</span>
        </Button>
        <Button kind="ghost" shortcut="J" onClick={() => onStep(1)}>
          <span aria-hidden="true">↓</span>
          <span className="hidden">Next item</span>
        </Button>
        <Button kind="ghost" shortcut="Esc" onClick={close}>
          Close
        </Button>
      </header>
      <div className="tabs" role="tablist" aria-label="Item">
        {TABS.map(([value, label]) => (
          <button key={label} type="button" role="tab" aria-selected={tab === value} onClick={() => change({ tab: value }, true)}>
            {label}
          </button>
        ))}
      </div>
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {!item && !query.error && <Loading what="the item" />}
      {item && tab === "json" && <WholeItem item={item} />}
      {item && tab === "versions" && <Versions project={project} id={id} etag={writable ? (query.data?.etag ?? null) : null} current={query.data?.version ?? null} onWritten={written} />}
      {item &&
        tab === undefined &&
        (editing && query.data ? (
          <Editor project={project} current={query.data} onWritten={written} onClose={() => setEditing(false)} />
        ) : (
          <Content project={project} item={item} versioned={query.data ?? null} writable={writable} onEdit={canEdit ? edit : null} onWritten={written} />
        ))}
    </aside>
  );
}

/** The item as it was where a past table is shown. */
function pastOf(search: Search, dataset: string): Record<string, string> {
  if (search["revision"]) return { revision: search["revision"], dataset };
  if (search["as_of"]) return { as_of: search["as_of"], dataset };
  return {};
}

function WholeItem({ item }: { item: Item }): ReactNode {
  const [pretty, setPretty] = useState(true);
  const text = pretty ? prettyOf(item.source) : rawOf(item.source);
  return (
    <div className="fields" role="tabpanel" aria-label="JSON" tabIndex={0}>
      <div className="rowline">
        <div className="segments" role="group" aria-label="Spacing">
          <button type="button" aria-pressed={pretty} onClick={() => setPretty(true)}>
            Pretty
          </button>
          <button type="button" aria-pressed={!pretty} onClick={() => setPretty(false)}>
            Raw
          </button>
        </div>
        <span className="space" />
        <CopyButton text={text} name="the JSON" />
      </div>
      <RawView value={sliceOf(text)} />
    </div>
  );
}
