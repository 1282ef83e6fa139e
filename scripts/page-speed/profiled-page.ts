import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { build } from 'vite';

/** The page with React's profiling build and readable names, in a folder of its own: only slower than what is served. */
export interface ProfiledPage {
  /** Pages of this context are this one, whatever the server has. */
  serveIn(context: BrowserContext): Promise<void>;
  remove(): void;
}

export async function buildProfiledPage(): Promise<ProfiledPage> {
  const folder = mkdtempSync(join(tmpdir(), 'quoteroom-profiled-'));
  await build({
    logLevel: 'warn',
    resolve: { alias: { 'react-dom/client': 'react-dom/profiling' } },
    build: { outDir: folder, minify: false },
  });
  const built = readdirSync(join(folder, 'assets'));
  const main = built.find((name) => /^main-.*\.js$/.test(name));
  return {
    async serveIn(context) {
      // the document stays the server's: Chromium lets no other one connect to this machine
      await context.route(/\/assets\//, (route) => {
        const name = basename(new URL(route.request().url()).pathname);
        if (built.includes(name)) return route.fulfill({ path: join(folder, 'assets', name) });
        return /^main-.*\.js$/.test(name)
          ? route.fulfill({ contentType: 'text/javascript', body: `import './${main}';` })
          : route.fallback();
      });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
