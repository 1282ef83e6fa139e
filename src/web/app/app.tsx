import { Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { NotFoundPage } from '../pages/not-found-page.tsx';
import { useDocumentTitle } from '../pages/use-document-title.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { SignInPage } from '../sign-in/sign-in-page.tsx';
import { SignOut } from '../sign-in/sign-out.tsx';
import { SignInContext, useSignInState } from '../sign-in/use-sign-in.ts';
import { lazyDialog, lazyPart } from './lazy-part.ts';
import { Look } from './look.tsx';
import { PageSkeleton } from './page-skeleton.tsx';

const QuotesPage = lazyPart(() => import('../quotes/quotes-page.tsx').then((part) => part.QuotesPage));
const RoomPage = lazyPart(() => import('../room/room-page.tsx').then((part) => part.RoomPage));
const LinkPages = lazyPart(() => import('./link-pages.tsx').then((part) => part.LinkPages));
const PrintPage = lazyPart(() => import('../print/print-page.tsx').then((part) => part.PrintPage));
const HistoryPage = lazyPart(() => import('../history/history-page.tsx').then((part) => part.HistoryPage));
const SignInAgain = lazyDialog(() => import('../sign-in/sign-in-again.tsx').then((part) => part.SignInAgain));

export const App = ({ signIn }: { readonly signIn: SignIn }) => (
  <Look>
    <SignInContext value={signIn}>
      <SignOut>
        <Suspense fallback={<PageSkeleton />}>
          <Pages />
        </Suspense>
        <WhereRunOut />
      </SignOut>
    </SignInContext>
  </Look>
);

function Pages() {
  const state = useSignInState();
  if (state.kind === 'signed_out') return <SignInPage state={state} />;
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/quotes" replace />
      </Route>
      <Route path="/quotes">
        <Quotes />
      </Route>
      <Route path="/q/:id">{({ id }) => <RoomPage key={id} quoteId={id} />}</Route>
      <Route path="/q/:id/print">{({ id }) => <PrintPage key={id} quoteId={id} />}</Route>
      <Route path="/q/:id/history">{({ id }) => <HistoryPage key={id} quoteId={id} />}</Route>
      <Route path="/join/:token" component={LinkPages} />
      <Route path="/slack/link/:code" component={LinkPages} />
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}

function WhereRunOut() {
  const state = useSignInState();
  if (state.kind !== 'signed_in' || !state.hasRunOut) return null;
  return (
    <Suspense fallback={null}>
      <SignInAgain person={state.person} />
    </Suspense>
  );
}

function Quotes() {
  useDocumentTitle('Quotes');
  return <QuotesPage />;
}
