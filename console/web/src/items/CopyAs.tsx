// What is on screen as a line of curl or Python. The key is not in it.

import type { ReactNode } from "react";
import { urlOf, type Query } from "../api/http";
import { CopyButton } from "../ui/Copy";
import { Popover } from "../ui/Popover";

const quoted = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;

export function curlOf(path: string, query: Query): string {
  const url = location.origin + urlOf(path, query);
  return `curl -H "Authorization: Bearer $KEY" ${quoted(url)}`;
}

export function pythonOf(path: string, query: Query): string {
  const parameters = Object.entries(query).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(String(value))}`);
  return [
    "import os, httpx",
    "",
    "answer = httpx.get(",
    `    ${JSON.stringify(location.origin + urlOf(path))},`,
    `    params={${parameters.join(", ")}},`,
    '    headers={"Authorization": f"Bearer {os.environ[\'KEY\']}"},',
    ")",
    'found = answer.raise_for_status().json()["results"]',
  ].join("\n");
}

export function CopyAs({ path, query }: { path: string; query: Query }): ReactNode {
  const curl = curlOf(path, query);
  const python = pythonOf(path, query);
  return (
    <Popover className="button ghost wide" label="Copy as" name="Copy what is shown as a program">
      {() => (
        <div className="code">
          {(
            [
              ["curl", curl],
              ["Python", python],
            ] as const
          ).map(([name, text]) => (
            <section key={name}>
              <h3>
                {name} <CopyButton text={text} name={name} />
              </h3>
              <pre>{text}</pre>
            </section>
          ))}
          <p className="dim">Your key is not in it: put it in the variable KEY.</p>
        </div>
      )}
    </Popover>
  );
}
