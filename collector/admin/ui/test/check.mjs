// Whether what is committed in dist/ is what the sources give, byte for byte; and whether it is still small.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const BYTES_MAX = 150_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'tailrace-dist-'));
const filesOf = (dir) => new Map(readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name)).map((path) => [path.slice(dir.length + 1), readFileSync(path)]));
let wrong = 0;
const complain = (text) => { console.error(`ui-check: ${text}`); wrong += 1; };
try {
  await build({ root, logLevel: 'warn', build: { outDir: out, emptyOutDir: true } });
  const [built, committed] = [filesOf(out), filesOf(join(root, 'dist'))];
  for (const name of new Set([...built.keys(), ...committed.keys()])) {
    if (!built.get(name)?.equals(committed.get(name) ?? Buffer.alloc(0))) complain(`dist/${name} is not what the sources give: run make ui and commit it`);
  }
  const bytes = [...committed.values()].reduce((sum, data) => sum + gzipSync(data, { level: 9 }).length, 0);
  if (bytes > BYTES_MAX) complain(`${bytes} bytes compressed; at most ${BYTES_MAX}`);
  if (wrong === 0) console.log(`ui-check: dist is current, ${bytes} bytes compressed`);
} finally {
  rmSync(out, { recursive: true });
}
process.exitCode = wrong === 0 ? 0 : 1;
