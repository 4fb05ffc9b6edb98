// One row a dataset.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ListedDataset } from "../api/datasets";
import { Button } from "../ui/Button";
import { number, personName } from "../ui/format";
import { Time } from "../ui/Time";

interface Props {
  project: string;
  datasets: readonly ListedDataset[];
  onEdit: (dataset: ListedDataset) => void;
  onRestore: (dataset: ListedDataset) => void;
  onErase: (dataset: ListedDataset) => void;
}

export function DatasetTable({ project, datasets, onEdit, onRestore, onErase }: Props): ReactNode {
  return (
    <table className="plain datasets">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Labels</th>
          <th scope="col" className="num">Items</th>
          <th scope="col" className="num">Revision</th>
          <th scope="col">Changed</th>
          <th scope="col">By</th>
          <th scope="col"><span className="hidden">Actions</span></th>
        </tr>
      </thead>
      <tbody>
        {datasets.map((each) => (
          <tr key={each.id}>
            <td className="name">
              <div className="clamp">
              <Link to="/projects/$project/datasets/$dataset" params={{ project, dataset: each.id }} search={{}}>
                {each.name || "(no name)"}
              </Link>
              {each.description && <span className="dim"> {each.description}</span>}
              </div>
            </td>
            <td className="labels">{labelsOf(each.metadata).map((label) => <span className="tag" key={label}>{label}</span>)}</td>
            <td className="num items">{each.item_count === undefined ? "–" : number(each.item_count)}</td>
            <td className="num dim">{each.revision === undefined ? "–" : `r${each.revision}`}</td>
            <td className="dim"><Time at={each.updated_revision_at ?? each.updated_at ?? each.created_at} /></td>
            <td className="dim">{personName(each.created_by)}</td>
            <td className="acts">
              {each.deleted && <Button kind="ghost" className="danger" onClick={() => onErase(each)} aria-label={`Erase ${each.name}`}>Erase</Button>}
              {each.deleted && <Button onClick={() => onRestore(each)} aria-label={`Restore ${each.name}`}>Restore</Button>}
              {!each.deleted && <Button kind="ghost" onClick={() => onEdit(each)} aria-label={`Edit ${each.name}`}>Edit</Button>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Scalars of the metadata, as `key: value`; elements of lists of texts by themselves. */
export function labelsOf(metadata: unknown): string[] {
  if (!metadata || typeof metadata !== "object" || Array.isArray(metadata)) return [];
  const labels = Object.entries(metadata).flatMap(([key, value]) => {
    if (Array.isArray(value)) return value.filter((each) => typeof each === "string") as string[];
    if (value === null || typeof value === "object") return [];
    return [value === true ? key : `${key}: ${String(value)}`];
  });
  return [...new Set(labels)].slice(0, 6);
}
