import { gzipSync } from "node:zlib";
import { buildInto, packed } from "@kassa/tokens/build";
import { defineConfig, type Plugin } from "vite";

const LIMIT = 20 * 1024;

/** One file, styles and all, that loads faster than a photo: the build fails when it grows beyond that. */
const small: Plugin = {
  name: "small",
  generateBundle(_options, bundle) {
    const code = Object.values(bundle).map((file) => (file.type === "chunk" ? file.code : file.source));
    const size = code.reduce((sum, text) => sum + gzipSync(Buffer.from(text), { level: 9 }).length, 0);
    if (size > LIMIT) this.error(`The widget is ${size} bytes packed; at most ${LIMIT} are allowed.`);
    this.info(`the widget is ${size} bytes packed`);
  },
};

export default defineConfig({
  plugins: [small, packed() as Plugin],
  build: {
    ...buildInto("widget"),
    target: "es2020",
    lib: { entry: "src/index.ts", formats: ["iife"], name: "KassaWidget", fileName: () => "widget.js" },
  },
});
