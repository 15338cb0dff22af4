import { gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import { buildInto, packed } from "@kassa/tokens/build";
import { defineConfig, type Plugin } from "vite";

/** APP-3: what has to be loaded before the first screen is there. */
const LIMIT = 90 * 1024;

/** The build fails when the first screen's scripts grow beyond the budget. */
const budget: Plugin = {
  name: "budget",
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
    const first = new Set<string>();
    const take = (name: string) => {
      const chunk = chunks.find((file) => file.fileName === name);
      if (!chunk || first.has(name)) return;
      first.add(name);
      for (const wanted of chunk.imports) take(wanted);
    };
    for (const chunk of chunks) if (chunk.isEntry) take(chunk.fileName);
    const size = chunks.filter((chunk) => first.has(chunk.fileName))
      .reduce((sum, chunk) => sum + gzipSync(Buffer.from(chunk.code), { level: 9 }).length, 0);
    if (size > LIMIT) this.error(`The first screen needs ${size} bytes of scripts, packed; at most ${LIMIT} are allowed.`);
    this.info(`the first screen needs ${size} bytes of scripts, packed`);
  },
};

// The api role serves the app at /; in development the page is Vite's and everything else a running Kassa's.
// Preact in React's place: the same components at a third of the weight (APP-3).
const kassa = { target: process.env.KASSA_URL ?? "http://127.0.0.1:8000", ws: true };
export default defineConfig({
  resolve: {
    alias: {
      "react-dom/client": "preact/compat/client",
      "react-dom": "preact/compat",
      "react/jsx-runtime": "preact/jsx-runtime",
      react: "preact/compat",
    },
  },
  plugins: [tailwindcss(), budget, packed() as Plugin],
  build: {
    ...buildInto("app"),
    target: "es2020",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // "use client" is meant for servers that render; there is none.
      onwarn: (warning, warn) => warning.code !== "MODULE_LEVEL_DIRECTIVE" && warn(warning),
    },
  },
  server: { proxy: { "/api": kassa } },
});
