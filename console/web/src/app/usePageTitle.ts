// The title of the tab: where one is, first what differs between tabs.

import { useEffect } from "react";

export function usePageTitle(...places: (string | undefined)[]): void {
  const title = [...places.filter(Boolean), "Datasets"].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
