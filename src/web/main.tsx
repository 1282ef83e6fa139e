import '@fontsource-variable/inter/index.css';
import './styles/mantine.ts';
import './styles/tokens.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { present } from '../lib/assert.ts';
import { App } from './app/app.tsx';
import { Look } from './app/look.tsx';
import { CrashPage } from './pages/crash-page.tsx';
import { createSignIn } from './sign-in/sign-in.ts';
import { openTabChannel } from './sign-in/tab-channel.ts';
import { NewVersionHint } from './sw/new-version-hint.tsx';
import { registerServiceWorker } from './sw/new-version.ts';

const signIn = createSignIn({
  location: window.location,
  history: window.history,
  storage: window.sessionStorage,
  tabs: openTabChannel('quoteroom.sign-in'),
  now: Date.now,
});

// While it is worked on, the page comes from Vite, which has its own ways of staying new.
const newVersion = import.meta.env.PROD ? registerServiceWorker(navigator.serviceWorker) : null;

const root = createRoot(present(document.querySelector('#root'), 'index.html has a root'), {
  onUncaughtError(error) {
    window.reportError(error);
    // React has taken the page away; this one comes in its place
    queueMicrotask(() =>
      root.render(
        <Look>
          <CrashPage error={error} />
        </Look>,
      ),
    );
  },
});

root.render(
  <StrictMode>
    <App signIn={signIn} />
    {newVersion !== null && (
      <Look>
        <NewVersionHint newVersion={newVersion} />
      </Look>
    )}
  </StrictMode>,
);
