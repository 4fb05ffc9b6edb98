"""An endpoint for coding agents, by the Model Context Protocol (MCP)."""
