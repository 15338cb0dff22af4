import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { buildInto, packed } from "@kassa/tokens/build";
import { defineConfig } from "vite";

// The api role serves the panel at /admin; in development the page is Vite's and everything else a running Kassa's.
export default defineConfig({
  base: "/admin/",
  plugins: [react(), tailwindcss(), packed()],
  build: buildInto("admin"),
  server: { proxy: { "/api": process.env.KASSA_URL ?? "http://127.0.0.1:8000" } },
});
