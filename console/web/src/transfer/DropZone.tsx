// Where a file is dropped, or picked.

import { useState, type ReactNode } from "react";

export function DropZone({ onFile }: { onFile: (file: File) => void }): ReactNode {
  const [over, setOver] = useState(false);
  const take = (files: FileList | null): void => {
    const file = files?.[0];
    if (file) onFile(file);
  };
  return (
    <label
      className={over ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
    >
      <b>Drop a file here</b>
      <span className="dim">JSON Lines, JSON, CSV, Excel or Parquet, also packed with gzip. Nothing is stored before you have seen what becomes of it.</span>
      <span className="button" aria-hidden="true">Choose a file</span>
      <input className="hidden" type="file" aria-label="File" accept=".jsonl,.ndjson,.json,.csv,.tsv,.txt,.xlsx,.parquet,.gz" onChange={(event) => take(event.target.files)} />
    </label>
  );
}
