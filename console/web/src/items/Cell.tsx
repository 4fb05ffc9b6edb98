// What stands in one cell.

import type { ReactNode } from "react";
import { kindOf, rawOf, stringOf } from "../json/slice";
import { personName, shortId } from "../ui/format";
import { Time } from "../ui/Time";
import { valueAt, type ColumnLook } from "./columnChoice";
import { JSON_FIELDS, type Item } from "./item";
import { Pieces } from "./Pieces";

export function CellContent({ item, column, look }: { item: Item; column: string; look: ColumnLook }): ReactNode {
  const field = column.split(".", 1)[0] as string;
  if (!(JSON_FIELDS as readonly string[]).includes(field)) return <PlainCell item={item} column={column} />;
  const value = valueAt(item, column);
  if (!value) return <span className="faint">–</span>;
  if (look.isTag && kindOf(value) !== "null" && value.end - value.start <= 60 && value.end - value.start > 2) return <span className="tag">{stringOf(value) ?? rawOf(value)}</span>;
  return <Pieces value={value} />;
}

function PlainCell({ item, column }: { item: Item; column: string }): ReactNode {
  switch (column) {
    case "created_at":
    case "updated_at":
      return <Time at={item[column]} />;
    case "created_by":
      return personName(item.created_by);
    case "id":
      return <span className="mono" title={item.id}>{shortId(item.id)}</span>;
    case "ref_source_id":
    case "ref_trace_id":
    case "ref_timestamp":
      return item[column] === null ? <span className="faint">–</span> : <span className="mono">{item[column]}</span>;
    default:
      return null;
  }
}
