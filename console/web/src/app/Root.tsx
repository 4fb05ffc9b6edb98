// Every page: the sign-in where there is no key, else the page.

import { Outlet } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore, type ReactNode } from "react";
import { currentKey, onSession } from "../session";
import { Toasts } from "../ui/toasts";
import { Shortcuts } from "./Shortcuts";
import { SignIn } from "./SignIn";

export function Root(): ReactNode {
  const key = useSyncExternalStore(onSession, currentKey);
  const client = useQueryClient();
  // What one key has read is not for the next.
  useEffect(() => () => client.clear(), [key, client]);
  return (
    <>
      {key ? <Outlet /> : <SignIn />}
      <Shortcuts />
      <Toasts />
    </>
  );
}
