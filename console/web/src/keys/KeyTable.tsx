// One row a key.

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { projects } from "../api/datasets";
import { isOfThisTab, type APIKey } from "../api/keys";
import { Button } from "../ui/Button";
import { Time } from "../ui/Time";
import { plural } from "../ui/format";
import type { Open } from "./KeysPage";

export function KeyTable({ keys, onOpen }: { keys: readonly APIKey[]; onOpen: (open: Open) => void }): ReactNode {
  const { data } = useQuery(projects);
  const names = new Map(data?.results.map((each) => [each.id, each.name]));
  return (
    <table className="plain datasets">
      <thead>
        <tr>
          <th scope="col">Label</th>
          <th scope="col">Key</th>
          <th scope="col">Permissions</th>
          <th scope="col">Where</th>
          <th scope="col">Created</th>
          <th scope="col">Last used</th>
          <th scope="col"><span className="hidden">Actions</span></th>
        </tr>
      </thead>
      <tbody>
        {keys.map((each) => (
          <tr key={each.id}>
            <td className="name">
              <b>{each.label}</b>
              {isOfThisTab(each) && <span className="tag own">signed in with it here</span>}
            </td>
            <td className="mono dim">{each.mask_value}</td>
            <td className="labels">{(each.scopes ?? []).map((scope) => <span className="tag" key={scope}>{scope === "*" ? "everything" : scope}</span>)}</td>
            <td className="dim">{reachOf(each, names)}</td>
            <td className="dim made"><Time at={each.last_rolled_at ?? each.created_at} /></td>
            <td className="dim used">{each.last_used_at ? <Time at={each.last_used_at} /> : "never"}</td>
            <td className="acts">
              <Button kind="ghost" onClick={() => onOpen({ what: "roll", key: each })} aria-label={`Roll ${each.label}`}>Roll</Button>
              <Button kind="ghost" className="danger" onClick={() => onOpen({ what: "revoke", key: each })} aria-label={`Revoke ${each.label}`}>Revoke</Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function reachOf({ scoped_teams: teams, scoped_organizations: organizations }: APIKey, names: ReadonlyMap<number, string>): string {
  if (teams?.length) return teams.map((id) => names.get(id) ?? `project ${id}`).join(", ");
  if (organizations?.length) return plural(organizations.length, "organization");
  return "all your projects";
}
