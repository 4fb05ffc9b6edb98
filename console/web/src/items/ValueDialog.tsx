// The whole value of one cell.

import type { ReactNode } from "react";
import { ValueView } from "../item/ValueView";
import { rawOf } from "../json/slice";
import { CopyButton } from "../ui/Copy";
import { Dialog } from "../ui/Dialog";
import { CellContent } from "./Cell";
import { valueAt } from "./columnChoice";
import type { Item } from "./item";

export function ValueDialog({ item, column, onClose }: { item: Item; column: string; onClose: () => void }): ReactNode {
  const value = valueAt(item, column);
  return (
    <Dialog title={column} onClose={onClose} wide>
      <div className="whole">
        {value ? <ValueView value={value} /> : <CellContent item={item} column={column} look={{ isNumber: false, isTag: false, width: 0, grows: true }} />}
      </div>
      {value && (
        <footer>
          <CopyButton text={() => rawOf(value)} name="the value">Copy as JSON</CopyButton>
        </footer>
      )}
    </Dialog>
  );
}
