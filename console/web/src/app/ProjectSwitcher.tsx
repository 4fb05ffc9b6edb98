// The project's name in the bar; a list of the others below it where there are any.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import { projects } from "../api/datasets";
import { Popover } from "../ui/Popover";
import { writePreference } from "../ui/preferences";

export function ProjectSwitcher({ project }: { project: string }): ReactNode {
  const { data } = useQuery(projects);
  const [search, setSearch] = useState("");
  useEffect(() => writePreference("project", project), [project]);
  const all = data?.results ?? [];
  const name = all.find((each) => String(each.id) === project)?.name ?? `Project ${project}`;
  if (all.length < 2)
    return (
      <Link className="crumb project" to="/projects/$project/datasets" params={{ project }} search={{}}>
        {name}
      </Link>
    );
  const found = all.filter((each) => each.name.toLowerCase().includes(search.toLowerCase())).slice(0, 50);
  return (
    <Popover
      className="crumb switch project"
      name="Projects"
      label={
        <>
          {name} <span aria-hidden="true">▾</span>
        </>
      }
    >
      {(close) => (
        <div className="menu">
          {all.length > 8 && <input aria-label="Search projects" placeholder="Search projects" value={search} onChange={(event) => setSearch(event.target.value)} />}
          {found.map((each) => (
            <Link key={each.id} to="/projects/$project/datasets" params={{ project: String(each.id) }} search={{}} onClick={close}>
              {each.name}
            </Link>
          ))}
        </div>
      )}
    </Popover>
  );
}
