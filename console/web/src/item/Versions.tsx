// All versions of an item, newest first, each with what it changed.

import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { type ReactNode } from "react";
import type { User } from "../api/client";
import { request } from "../api/http";
import { actOnItem, itemsPath, type VersionedItem } from "../api/items";
import { JSON_FIELDS, REF_FIELDS, pageOf, partsOf } from "../items/item";
import { rawOf, stringOf, type Slice } from "../json/slice";
import { Button } from "../ui/Button";
import { ErrorNotice, Loading } from "../ui/Notice";
import { Time } from "../ui/Time";
import { personName } from "../ui/format";
import { toast } from "../ui/toasts";
import { Changes } from "./Changes";

const PAGE = 100;
const CONTENT = [...JSON_FIELDS, ...REF_FIELDS, "deleted"] as const;

interface Version {
  readonly version: number;
  readonly revision: number;
  readonly createdAt: string;
  readonly createdBy: User | null;
  readonly parts: Map<string, Slice>;
}

function versionOf(slice: Slice): Version {
  const parts = partsOf(slice);
  const raw = (name: string): string => {
    const part = parts.get(name);
    return part ? rawOf(part) : "null";
  };
  const time = parts.get("created_at");
  return {
    version: Number(raw("version")),
    revision: Number(raw("dataset_revision")),
    createdAt: (time && stringOf(time)) ?? "",
    createdBy: JSON.parse(raw("created_by")) as User | null,
    parts,
  };
}

interface Props {
  project: string;
  id: string;
  /** Null where nothing can be restored. */
  etag: string | null;
  current: number | null;
  onWritten: (made: VersionedItem) => void;
}

export function Versions({ project, id, etag, current, onWritten }: Props): ReactNode {
  const query = useInfiniteQuery({
    queryKey: ["versions", project, id],
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) => pageOf((await request("GET", `${itemsPath(project)}/${id}/versions/`, { query: { limit: PAGE, offset: pageParam }, signal })).text, versionOf),
    getNextPageParam: (last, pages) => (last.next ? pages.length * PAGE : null),
  });
  const restore = useMutation({
    mutationFn: (version: number) => actOnItem(project, id, "restore", etag ?? "", JSON.stringify({ source_version: version })),
    onSuccess: (made, version) => {
      toast(`Version ${version} is back, as version ${made.version}.`);
      onWritten(made);
    },
  });
  const versions = query.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <div className="fields versions" role="tabpanel" aria-label="Versions" tabIndex={0}>
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {restore.error && <ErrorNotice error={restore.error} />}
      {query.isPending && <Loading what="the versions" />}
      {versions.map((each, i) => (
        <section key={each.version}>
          <h3>
            Version {each.version}
            <span className="type">
              {personName(each.createdBy)} · <Time at={each.createdAt} /> · r{each.revision}
            </span>
            <span className="space" />
            {etag !== null && each.version !== current && (
              <Button onClick={() => restore.mutate(each.version)} disabled={restore.isPending}>
                Restore
              </Button>
            )}
          </h3>
          <Difference of={each} before={versions[i + 1]} />
        </section>
      ))}
      {query.hasNextPage && <Button onClick={() => void query.fetchNextPage()}>Show more</Button>}
    </div>
  );
}

function Difference({ of, before }: { of: Version; before: Version | undefined }): ReactNode {
  if (of.version === 1) return <p className="dim">Created.</p>;
  if (!before) return null;
  const changed = CONTENT.filter((name) => {
    const [a, b] = [before.parts.get(name), of.parts.get(name)];
    return a && b && rawOf(a) !== rawOf(b);
  });
  if (!changed.length) return <p className="dim">Moved to this dataset.</p>;
  return changed.map((name) =>
    name === "deleted" ? (
      <p key={name} className="dim">
        {rawOf(of.parts.get(name) as Slice) === "true" ? "Archived." : "Restored."}
      </p>
    ) : (
      <Changes key={name} from={before.parts.get(name) ?? null} to={of.parts.get(name) ?? null} path={name} />
    ),
  );
}
