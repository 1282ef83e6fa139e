import { Route, Switch } from 'wouter';
import { JoinPage } from '../join/join-page.tsx';
import { SlackLinkPage } from '../slack-link/slack-link-page.tsx';

/** What links lead to that were made for one purpose. Few open one, and once: together they are one part of the build. */
export const LinkPages = () => (
  <Switch>
    <Route path="/join/:token">{({ token }) => <JoinPage key={token} linkToken={token} />}</Route>
    <Route path="/slack/link/:code">{({ code }) => <SlackLinkPage key={code} code={code} />}</Route>
  </Switch>
);
