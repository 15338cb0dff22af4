import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** KaTeX brings every font three times; each browser that can run this page reads woff2. */
const onlyWoff2: Plugin = {
  name: "only-woff2",
  enforce: "pre",
  transform: (code, id) =>
    id.includes("katex.min.css") ? code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)/g, "") : null,
};

// The page is served by the Python package, which finds it in kassa/assets.
export default defineConfig({
  base: "/sandbox/",
  plugins: [onlyWoff2, react(), tailwindcss()],
  build: { outDir: "../../../kassa/assets/sandbox", emptyOutDir: true, target: "es2022" },
  server: { proxy: { "/sandbox/api": "http://127.0.0.1:8000", "/sandbox/telegram": "http://127.0.0.1:8000" } },
});
