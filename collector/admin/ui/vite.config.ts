import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

// The licences of what is bundled travel with it, as they ask. After the minifier, which takes comments away.
const licences: Plugin = {
  name: 'licences',
  generateBundle(_, bundle) {
    const text = readFileSync(new URL('licences.txt', import.meta.url), 'utf8').trim();
    for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = `/*!\n${text}\n*/\n${file.code}`;
  },
};

// Two files beside index.html, under names that stay: the daemon embeds them and serves them with no-store, so a hash in
// the name would only make each change look like a new file. Relative addresses, so that the page works below any path of
// a reverse proxy.
export default defineConfig({
  base: './',
  plugins: [licences],
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    target: 'es2022',
    outDir: 'dist',
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        entryFileNames: 'assets/page.js',
        assetFileNames: 'assets/page[extname]',
      },
    },
  },
});
