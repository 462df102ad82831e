import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

// The licences of what is bundled travel with it, as they ask.
const licences = `/*!\n${readFileSync(new URL('licences.txt', import.meta.url), 'utf8').trim()}\n*/`;

// Two files beside index.html, under names that stay: the daemon embeds them and serves them with no-store, so a hash in
// the name would only make each change look like a new file. Relative addresses, so that the page works below any path of
// a reverse proxy.
export default defineConfig({
  base: './',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    target: 'es2022',
    outDir: 'dist',
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        banner: licences,
        entryFileNames: 'assets/page.js',
        assetFileNames: 'assets/page[extname]',
      },
    },
  },
});
