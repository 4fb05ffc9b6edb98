// Where coding agents connect with a key.

import type { ReactNode } from "react";
import { urlOf } from "../api/http";
import { CopyButton } from "../ui/Copy";

export function AgentsAddress(): ReactNode {
  const address = location.origin + urlOf("/mcp");
  return (
    <p className="agents dim">
      Coding agents connect by MCP to <code>{address}</code> <CopyButton text={address} name="the address" /> with a key
      as their bearer token.
    </p>
  );
}
