import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** Writes every text file of a build packed as well: the server sends what a browser can unpack, and packs nothing itself. */
export function packed() {
  return {
    name: "packed",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const [fileName, file] of Object.entries(bundle)) {
          const content = Buffer.from(file.code ?? file.source ?? "");
          if (!/\.(js|css|svg|json)$/.test(fileName) || content.length < 1024) continue;
          const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
          this.emitFile({ type: "asset", fileName: `${fileName}.br`, source: brotliCompressSync(content, { params }) });
          this.emitFile({ type: "asset", fileName: `${fileName}.gz`, source: gzipSync(content, { level: 9 }) });
        }
      },
    },
  };
}

/** What is the same in the builds of all applications. The Python package finds them in kassa/assets. */
export function buildInto(name) {
  return { outDir: `../../../kassa/assets/${name}`, emptyOutDir: true, target: "es2022", chunkSizeWarningLimit: 600, reportCompressedSize: false };
}
