// The bar on top of every page: where one is, where one can go, what one can do here.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { dataset as datasetQuery, me } from "../api/datasets";
import { urlOf } from "../api/http";
import { signOut } from "../session";
import { Button } from "../ui/Button";
import { personName } from "../ui/format";
import { Popover } from "../ui/Popover";
import { usePageTitle } from "./usePageTitle";
import { ProjectSwitcher } from "./ProjectSwitcher";
import { showShortcuts } from "./shortcutStore";
import { ThemeChoice } from "./ThemeChoice";

interface Props {
  project?: string;
  dataset?: string;
  /** Where one is, outside of projects. */
  place?: string;
  actions?: ReactNode;
  children: ReactNode;
}

export function Shell({ project, dataset, place, actions, children }: Props): ReactNode {
  const { data } = useQuery({ ...datasetQuery(project ?? "", dataset ?? ""), enabled: Boolean(project && dataset) });
  usePageTitle(place, data?.name);
  return (
    <div className="shell">
      <header className="top">
        <nav className="crumbs" aria-label="Place">
          <Link to="/" className="logo">
            Datasets
          </Link>
          {project && (
            <>
              <span className="sep">/</span>
              <ProjectSwitcher project={project} />
            </>
          )}
          {project && dataset && <DatasetCrumb project={project} dataset={dataset} />}
          {place && (
            <>
              <span className="sep">/</span>
              <span className="crumb here">{place}</span>
            </>
          )}
        </nav>
        {project && dataset && <DatasetTabs project={project} dataset={dataset} />}
        {actions && <div className="actions">{actions}</div>}
        <div className="account">
          <Account />
        </div>
      </header>
      {children}
    </div>
  );
}

function DatasetCrumb({ project, dataset }: { project: string; dataset: string }): ReactNode {
  const { data } = useQuery(datasetQuery(project, dataset));
  return (
    <>
      <span className="sep">/</span>
      <Link className="crumb here" to="/projects/$project/datasets/$dataset" params={{ project, dataset }} search={{}}>
        {data?.name ?? "…"}
      </Link>
      {data?.deleted && <span className="tag warn">archived</span>}
    </>
  );
}

const TABS = [
  ["Items", "/projects/$project/datasets/$dataset"],
  ["Revisions", "/projects/$project/datasets/$dataset/revisions"],
  ["Compare", "/projects/$project/datasets/$dataset/compare"],
  ["Schemas", "/projects/$project/datasets/$dataset/schemas"],
  ["Duplicates", "/projects/$project/datasets/$dataset/duplicates"],
] as const;

function DatasetTabs(params: { project: string; dataset: string }): ReactNode {
  return (
    <nav className="tabs" aria-label="Dataset">
      {TABS.map(([label, to]) => (
        <Link key={to} to={to} params={params} search={{}} activeOptions={{ exact: true, includeSearch: false }}>
          {label}
        </Link>
      ))}
    </nav>
  );
}

function Account(): ReactNode {
  const { data } = useQuery(me);
  return (
    <Popover label={<>{data ? personName(data as never) : "Account"} <span aria-hidden="true">▾</span></>} name="Account">
      {(close) => (
        <div className="menu">
          {data && <p className="dim">{data.email}</p>}
          <Link to="/keys" onClick={close}>
            API keys
          </Link>
          <a href={urlOf("/api/schema/swagger-ui/")} target="_blank" rel="noreferrer">
            API documentation
          </a>
          <Button
            kind="ghost"
            shortcut="?"
            onClick={() => {
              close();
              showShortcuts();
            }}
          >
            Keyboard
          </Button>
          <ThemeChoice />
          <Button kind="ghost" onClick={signOut}>
            Sign out
          </Button>
        </div>
      )}
    </Popover>
  );
}
