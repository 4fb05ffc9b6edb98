import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const service = process.env.CONSOLE_SERVICE ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  // The service puts the path below which it is seen before them.
  base: "./",
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    // Never data: in a style or a script; the page's policy allows it in images alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
  },
  server: { proxy: { "/api": service } },
});
