// Starts the console: the session first, since it takes the key out of the address.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { APIError } from "./api/errors";
import { openTabsWithSession } from "./app/newTabs";
import { makeRouter } from "./app/router";
import { startSession } from "./session";
import { applyTheme } from "./ui/preferences";
import "./styles/index.css";

startSession();
applyTheme();
openTabsWithSession();

const client = new QueryClient({
  defaultOptions: {
    // The service may be on this machine, so that whether there is a network says nothing: every request is tried.
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always",
      refetchOnWindowFocus: false,
      // What the service refuses, it refuses again; what did not reach it, or found it busy, is asked once more.
      retry: (failures, error) => failures < 2 && (!(error instanceof APIError) || error.status === 503),
    },
  },
});

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={makeRouter(client)} />
    </QueryClientProvider>
  </StrictMode>,
);
