import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { type Plugin, defineConfig } from 'vite';

const WORKER = 'sw';

/** The page in the browser: `src/web` becomes `dist/web`, which `quoteroom serve` serves. */
export default defineConfig({
  root: 'src/web',
  plugins: [react(), shellList(), compressed()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    // Names and sizes are checked by a test; the report would only be noise.
    reportCompressedSize: false,
    // A font or picture in a style sheet would need `data:` in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { main: 'src/web/index.html', [WORKER]: 'src/web/sw/sw.ts' },
      // A service worker rules only what lies beside or below it, and keeps its name for good.
      output: {
        entryFileNames: ({ name }) => (name === WORKER ? `${WORKER}.js` : 'assets/[name]-[hash].js'),
      },
    },
  },
});

/** Tells the service worker which files the page is made of. Fonts of other scripts are left to the network. */
function shellList(): Plugin {
  return {
    name: 'shell-list',
    apply: 'build',
    generateBundle(_options, bundle) {
      const built = Object.keys(bundle).filter(
        (name) => /\.(?:js|css)$/.test(name) || /-latin-wght-normal[^/]*\.woff2$/.test(name),
      );
      const assets = built.filter((name) => name.startsWith('assets/')).toSorted();
      const version = createHash('sha256').update(assets.join('\n')).digest('hex').slice(0, 12);
      const files = ['/', '/favicon.svg', '/manifest.webmanifest', ...assets.map((name) => `/${name}`)];
      const worker = bundle[`${WORKER}.js`];
      if (worker?.type !== 'chunk') throw new Error('the service worker is part of the build');
      worker.code = `const SHELL = ${JSON.stringify({ version, files })};\n${worker.code}`;
    },
  };
}

/** Compresses once, as small as can be, what the server would else compress for each visitor. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (!/\.(?:js|css|svg)$/.test(file.fileName)) continue;
          const source = Buffer.from(file.type === 'chunk' ? file.code : file.source);
          this.emitFile({
            type: 'asset',
            fileName: `${file.fileName}.br`,
            source: brotliCompressSync(source),
          });
          this.emitFile({
            type: 'asset',
            fileName: `${file.fileName}.gz`,
            source: gzipSync(source, { level: 9 }),
          });
        }
      },
    },
  };
}
