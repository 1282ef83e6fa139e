import { meSchema } from '../wire/http-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { authenticate, personOf } from './authenticate.ts';
import { addCellsRoute } from './cells-route.ts';
import { addConflictRoutes } from './conflict-routes.ts';
import { errorAnswers } from './error-answers.ts';
import { addEventsRoute } from './events-route.ts';
import { addHeadsRoutes } from './heads-routes.ts';
import { addHistoryRoutes } from './history-routes.ts';
import { addLinksRoutes } from './links-route.ts';
import { addLogRoute } from './log-route.ts';
import { addLookBackRoutes } from './look-back-routes.ts';
import { addNewQuoteRoute } from './new-quote-route.ts';
import { addPeopleRoutes } from './people-route.ts';
import { notFound } from './problem.ts';
import { createQuoteGrants } from './quote-grants.ts';
import { addQuoteListRoute } from './quote-list-route.ts';
import { addQuoteRoute } from './quote-route.ts';
import { addSessionRoutes } from './session-routes.ts';
import { addSlackApiRoutes } from './slack-api-routes.ts';
import { addVersionsRoutes } from './versions-routes.ts';

/** Everything below `/api`: for people who signed in, but for its own description. */
export async function addApiRoutes(app: App, deps: RouteDeps): Promise<{ close(): void }> {
  let close: () => void = () => undefined;
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.all('/api/*', { schema: { hide: true } }, () => {
    throw notFound('There is no such route. The API is described at /api/openapi.json.');
  });

  await app.register(
    async (plugin) => {
      const api = plugin as App;
      api.addHook('onRequest', (request) => authenticate(request, deps.access));
      api.route({
        method: 'GET',
        url: '/me',
        schema: { summary: 'Who you are', response: { 200: meSchema, ...errorAnswers() } },
        handler(request) {
          const { user, name, role } = personOf(request);
          return { user, name, role };
        },
      });
      addNewQuoteRoute(api, deps);
      addQuoteListRoute(api, deps);
      addQuoteRoute(api, deps);
      addCellsRoute(api, deps);
      addLogRoute(api, deps);
      addLookBackRoutes(api, deps);
      addHistoryRoutes(api, deps);
      addHeadsRoutes(api, deps);
      addVersionsRoutes(api, deps);
      addSessionRoutes(api, deps);
      addConflictRoutes(api, deps);
      addSlackApiRoutes(api, deps);
      // One for both: they take turns with each other.
      const grants = createQuoteGrants(deps);
      addPeopleRoutes(api, deps, grants);
      addLinksRoutes(api, deps, grants);
      ({ close } = addEventsRoute(api, deps));
    },
    { prefix: '/api' },
  );
  return { close: () => close() };
}
