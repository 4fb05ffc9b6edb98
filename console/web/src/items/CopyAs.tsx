// What is on screen as a line of curl or Python. The key is not in it.

import type { ReactNode } from "react";
import { urlOf, type Query } from "../api/http";
import { itemsPath } from "../api/items";
import { CopyButton } from "../ui/Copy";
import { Popover } from "../ui/Popover";

const quoted = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;

export function curlOf(project: string, query: Query): string {
  const url = location.origin + urlOf(`${itemsPath(project)}/`, { ...query, strict: true });
  return `curl -H "Authorization: Bearer $KEY" ${quoted(url)}`;
}

export function pythonOf(project: string, query: Query): string {
  const parameters = Object.entries({ ...query, strict: "true" }).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(String(value))}`);
  return [
    "import os, httpx",
    "",
    "answer = httpx.get(",
    `    ${JSON.stringify(`${location.origin}${itemsPath(project)}/`)},`,
    `    params={${parameters.join(", ")}},`,
    '    headers={"Authorization": f"Bearer {os.environ[\'KEY\']}"},',
    ")",
    'items = answer.raise_for_status().json()["results"]',
  ].join("\n");
}

export function CopyAs({ project, query }: { project: string; query: Query }): ReactNode {
  const curl = curlOf(project, query);
  const python = pythonOf(project, query);
  return (
    <Popover label="Copy as" name="Copy what is shown as a program">
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
