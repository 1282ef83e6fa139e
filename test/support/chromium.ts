import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Everything that a browser would ask of the world by itself is off: there is no world beside the test. */
const ARGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium(), args: ARGS });

/** Names under which systems install a Chromium. */
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Where a Chromium is: Debian's, another of the system's, or Playwright's own. Throws with what to do if there is none. */
function findChromium(): string {
  for (const command of COMMANDS) {
    const path = pathOf(command);
    if (path !== null) return path;
  }
  const own = chromium.executablePath();
  if (own !== '' && existsSync(own)) return own;
  throw new Error(
    'The browser tests need Chromium, and found none. Install it (Debian: apt-get install chromium; ' +
      'elsewhere: npx playwright-core install chromium), then run them again.',
  );
}

function pathOf(command: string): string | null {
  try {
    return execFileSync('sh', ['-c', `command -v ${command}`], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}
