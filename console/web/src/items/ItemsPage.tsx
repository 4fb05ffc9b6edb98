// The items of a dataset: the bars, the table, the item that is open beside it.

import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState, type ReactNode } from "react";
import { itemsPath, itemsTotal as totalQuery } from "../api/items";
import { dataset as datasetQuery, latestRevision, stats as statsQuery } from "../api/datasets";
import { Shell } from "../app/Shell";
import { apiQueryOf, columnsOf, columnsText, isPast, parameterOf, type Column, type Search } from "../app/search";
import { BulkBar } from "../bulk/BulkBar";
import { useArchive } from "../datasets/useArchive";
import { RevisionPicker, revisionName } from "../history/RevisionPicker";
import { CopyAs } from "./CopyAs";
import { ItemPanel } from "../item/ItemPanel";
import { NewItem } from "../item/NewItem";
import { ExportSheet } from "../transfer/ExportSheet";
import { Button } from "../ui/Button";
import { ErrorNotice } from "../ui/Notice";
import { useShortcuts } from "../ui/shortcuts";
import { toast } from "../ui/toasts";
import { ChangedNotice } from "./ChangedNotice";
import { FilterBar } from "./FilterBar";
import { Grid, type GridActions } from "./Grid";
import { NoItems } from "./NoItems";
import { NotHere, isUnknown } from "./NotHere";
import { ValueDialog } from "./ValueDialog";
import { availableColumns, defaultColumns } from "./columnChoice";
import type { Item } from "./item";
import { NOTHING, joined, sizeOf, toggled, type Selection } from "./selection";
import { useItemList } from "./useItemList";

// A range ticked with Shift reads the rows between, and is of so many at most.
const LONGEST_RANGE = 10_000;

const MOST_COUNTED_UNASKED = 50_000;

export function ItemsPage(): ReactNode {
  const { project, dataset } = useParams({ strict: false }) as { project: string; dataset: string };
  const search = useSearch({ strict: false }) as Search;
  return <Items key={`${project}/${dataset}`} project={project} dataset={dataset} search={search} />;
}

function Items({ project, dataset, search }: { project: string; dataset: string; search: Search }): ReactNode {
  const navigate = useNavigate();
  const change = useCallback(
    (changes: Record<string, string | undefined>, replace = false) =>
      void navigate({ to: ".", replace, search: ((before: Search) => Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined))) as never }),
    [navigate],
  );
  const head = useQuery(datasetQuery(project, dataset));
  const latest = useQuery(latestRevision(project, dataset));
  const past = isPast(search);
  const archive = useArchive(project);

  const query = useMemo(() => ({ dataset, ...apiQueryOf(search) }), [dataset, search]);
  const queryText = JSON.stringify(query);
  const [generation, setGeneration] = useState(0);
  const [range, setRange] = useState([0, 0] as readonly [number, number]);
  const stable = useMemo(() => JSON.parse(queryText) as Record<string, string>, [queryText]);
  const list = useItemList({ project, query: stable, generation }, range[0], range[1]);
  // It reads the whole dataset: after the first rows, and for a large one only where somebody looks at its keys.
  const [needsKeys, setNeedsKeys] = useState(false);
  const isSmall = list.count !== undefined && list.count <= MOST_COUNTED_UNASKED;
  const stats = useQuery({ ...statsQuery(project, dataset), enabled: !list.isLoading && (isSmall || needsKeys) });
  const [own, setOwn] = useState(-1);
  const shownRevision = list.revision === null ? null : Math.max(list.revision, own);
  const refresh = (): void => setGeneration((before) => before + 1);

  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [anchor, setAnchor] = useState(-1);
  const [chosenActive, setActive] = useState(-1);
  const [value, setValue] = useState<{ item: Item; column: string } | null>(null);
  const [seenQuery, setSeenQuery] = useState(queryText);
  if (seenQuery !== queryText) {
    setSeenQuery(queryText);
    setSelection(NOTHING);
    setActive(-1);
  }

  const known = useMemo(() => availableColumns(stats.data, list.firstRows), [stats.data, list.firstRows]);
  // By the first rows that came, whatever is looked for afterwards: columns must not jump while one types.
  const [sample, setSample] = useState<readonly Item[]>([]);
  if (!sample.length && list.firstRows.length) setSample(list.firstRows);
  const columns = useMemo(() => columnsOf(search) ?? defaultColumns(sample), [search, sample]);
  const openId = search["item"];
  const openIndex = openId ? list.indexOf(openId) : -1;
  const active = chosenActive >= 0 ? chosenActive : openIndex;

  const openAt = (index: number): void => {
    const item = list.rowAt(index);
    if (index < 0 || index >= (list.count ?? 0)) return;
    setActive(index);
    if (item && openId) change({ item: item.id, version: undefined }, true);
  };
  const actions: GridActions = {
    open: (index, item) => {
      setActive(index);
      setAnchor(index);
      change({ item: item.id, tab: undefined, version: undefined }, Boolean(openId));
    },
    toggle: (index, item, ranged) => {
      if (!ranged || anchor < 0) setSelection(toggled(selection, item));
      else if (Math.abs(index - anchor) >= LONGEST_RANGE) toast("A range has at most 10,000 items: use “All that match”.", { bad: true });
      else void list.rowsBetween(Math.min(anchor, index), Math.max(anchor, index)).then((rows) => setSelection(joined(selection, rows)));
      setAnchor(index);
      setActive(index);
    },
    toggleAll: () => setSelection(selection.kind === "all" || sizeOf(selection, 0) ? NOTHING : { kind: "all" }),
    showValue: (item, column) => setValue({ item, column }),
    changeColumns: (next: readonly Column[]) => change({ columns: columnsText(next) }, true),
    filter: (subject, text) => change({ [parameterOf(subject, "is")]: text }),
    sort: (order) => change({ order_by: order === "-created_at" ? undefined : order }),
    see: useCallback((first, last) => setRange((before) => (before[0] === first && before[1] === last ? before : [first, last])), []),
  };
  const activeItem = list.rowAt(active);
  useShortcuts({
    j: () => openAt(active + 1),
    k: () => openAt(active - 1),
    ArrowDown: () => setActive(Math.min((list.count ?? 1) - 1, active + 1)),
    ArrowUp: () => setActive(Math.max(0, active - 1)),
    Enter: activeItem && !openId ? () => actions.open(active, activeItem) : undefined,
    x: activeItem && ((event) => actions.toggle(active, activeItem, event.shiftKey)),
    n: past ? undefined : () => change({ dialog: "new" }),
    Esc: () => (openId ? change({ item: undefined, tab: undefined, version: undefined }) : setSelection(NOTHING)),
  });

  const hasFilter = Object.keys(stable).some((name) => !["dataset", "order_by", "revision", "as_of"].includes(name));
  const everything = useQuery({ ...totalQuery(project, dataset, list.revision), enabled: hasFilter && !past });
  const total = hasFilter && !past ? everything.data : undefined;
  const lines = Math.min(10, Math.max(1, Number(search["rows"]) || 1));
  const writable = !past && !head.data?.deleted;
  if (isUnknown(head.error))
    return (
      <Shell project={project}>
        <NotHere project={project} />
      </Shell>
    );
  return (
    <Shell
      project={project}
      dataset={dataset}
      actions={
        <>
          <RevisionPicker project={project} dataset={dataset} search={search} latest={latest.data ?? null} change={change} />
          <Link className="button" to="/projects/$project/datasets/$dataset/import" params={{ project, dataset }} search={{}}>
            Import
          </Link>
          <ExportSheet project={project} dataset={dataset} query={stable} count={list.count} />
          <Button kind="primary" shortcut="N" disabled={!writable} onClick={() => change({ dialog: "new" })}>
            New item
          </Button>
        </>
      }
    >
      <FilterBar search={search} change={change} count={list.count} total={total} known={known} columns={columns} rows={list.firstRows} onColumns={() => setNeedsKeys(true)} isCounting={stats.isFetching} extra={<CopyAs path={`${itemsPath(project)}/`} query={{ ...stable, strict: true }} />} />
      {past && (
        <div className="banner" role="status">
          <b>Read only.</b> The items as they were at {revisionName(search["revision"] ?? search["as_of"] ?? "")}.
          <Button kind="ghost" onClick={() => change({ revision: undefined, as_of: undefined })}>
            Back to the latest
          </Button>
          {search["revision"] && (
            <Link className="button ghost" to="/projects/$project/datasets/$dataset/compare" params={{ project, dataset }} search={{ from: search["revision"], to: "latest" } as never}>
              Compare with the latest
            </Link>
          )}
        </div>
      )}
      {head.data?.deleted && (
        <div className="banner" role="status">
          <b>Archived.</b> Its items can be read and exported, and not changed.
          <Button kind="ghost" onClick={() => archive.mutate({ dataset: { id: dataset, name: head.data?.name ?? "" }, deleted: false })}>
            Restore the dataset
          </Button>
        </div>
      )}
      {!past && <ChangedNotice shown={shownRevision} latest={latest.data ?? null} onRefresh={refresh} />}
      {list.error !== null && <ErrorNotice error={list.error} onRetry={list.retry} />}
      <main className={openId ? "split open" : "split"}>
        <div className="tableside">
          {list.count === 0 && !list.isLoading ? (
            <NoItems project={project} dataset={dataset} hasFilter={hasFilter} search={search} change={change} />
          ) : (
            sample.length > 0 && (
              <Grid
                dataset={dataset}
                list={list}
                sample={sample}
                columns={columns}
                known={known}
                order={search["order_by"] ?? "-created_at"}
                lines={lines}
                selection={selection}
                openIndex={openIndex}
                active={active}
                setActive={(index) => (openId ? openAt(index) : setActive(index))}
                actions={actions}
              />
            )
          )}
          {sizeOf(selection, list.count ?? 0) > 0 && (
            <BulkBar project={project} dataset={dataset} query={stable} selection={selection} count={list.count ?? 0} writable={writable} onSelectAll={() => setSelection({ kind: "all" })} onDone={() => { setSelection(NOTHING); refresh(); }} onClear={() => setSelection(NOTHING)} />
          )}
        </div>
        {openId && (
          <ItemPanel
            key={openId}
            project={project}
            dataset={dataset}
            id={openId}
            listed={openIndex >= 0 ? list.rowAt(openIndex) : undefined}
            next={list.rowAt(active + 1)}
            search={search}
            writable={writable}
            change={change}
            onStep={(by) => openAt(active + by)}
            onWritten={(made) => {
              list.replace(made.item);
              // One's own write needs no notice, as long as nobody else's came before it.
              if (made.revision !== null && made.revision === (shownRevision ?? -1) + 1) setOwn(made.revision);
              void latest.refetch();
            }}
          />
        )}
      </main>
      {value && <ValueDialog item={value.item} column={value.column} onClose={() => setValue(null)} />}
      {search["dialog"] === "new" && writable && (!list.isLoading || list.error !== null) && (
        <NewItem project={project} dataset={dataset} like={list.rowAt(0) ?? sample[0]} onClose={() => change({ dialog: undefined }, true)} onMade={(item) => { refresh(); change({ dialog: undefined, item: item.id }, true); }} />
      )}
    </Shell>
  );
}
