import { z } from 'zod';
import { errorSchema, quotePathSchema } from '../wire/http-schemas.ts';
import { mirrorsSchema, slackAccountSchema, slackLinkPathSchema } from '../wire/slack-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { HttpProblem, notFound } from './problem.ts';
import { actorIn, requireQuote } from './quote-access.ts';
import type { SlackPort } from './slack-port.ts';

/**
 * What people do with Slack from here: say that an account there is theirs, and see where a quote is shown. The code in
 * a link says which account it is about, and the token who asks. That both are one person only they can know: so whoever
 * opens the link is shown the account first, and says yes.
 *
 * The routes are there without Slack too: what the server can do is described the same everywhere.
 */
export function addSlackApiRoutes(app: App, deps: RouteDeps): void {
  app.route({
    method: 'GET',
    url: '/slack/links/:code',
    schema: {
      summary: 'Look up a link from Slack',
      description:
        'Whose account in Slack the link would connect with yours. Show it to the person before you accept: a link that ' +
        'somebody else asked for and sent on connects the account of that somebody.',
      params: slackLinkPathSchema,
      response: { 200: slackAccountSchema, ...errorAnswers(), 404: DEAD },
    },
    async handler(request) {
      const account = await slackOf(deps).lookUpLink(request.params.code);
      if (account === null) throw deadLink();
      return account;
    },
  });

  app.route({
    method: 'POST',
    url: '/slack/links/:code/accept',
    schema: {
      summary: 'Connect an account in Slack with yours',
      description:
        'Whoever has that account in Slack works as you from there, with what you may do here. A link works once.',
      params: slackLinkPathSchema,
      response: { 200: slackAccountSchema, ...errorAnswers(409), 404: DEAD },
    },
    async handler(request) {
      const { user } = personOf(request);
      const linked = await slackOf(deps).acceptLink(request.params.code, user);
      if (linked.ok) return linked.value;
      throw linked.reason === 'dead' ? deadLink() : notYours();
    },
  });

  app.route({
    method: 'DELETE',
    url: '/slack/links',
    schema: {
      summary: 'Disconnect your accounts in Slack',
      description:
        'All that were connected with yours by a link. Whoever has your e-mail in Slack is known by that all the same.',
      response: { 204: z.null().describe('Done, or there were none'), ...errorAnswers(), 404: errorSchema },
    },
    async handler(request, reply) {
      slackOf(deps).unlink(personOf(request).user);
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'GET',
    url: '/quotes/:id/slack',
    schema: {
      summary: 'List where Slack shows a quote',
      description:
        'Channels that were given the quote, newest first, those that are not any more too. Empty where the server has ' +
        'no Slack. For whoever sees the quote.',
      params: quotePathSchema,
      response: { 200: mirrorsSchema, ...errorAnswers(403, 404) },
    },
    async handler(request) {
      const { quote } = await actorIn(deps, personOf(request), request.params.id);
      await requireQuote(deps, quote);
      return { mirrors: [...(deps.slack?.mirrorsOf(quote) ?? [])] };
    },
  });
}

const DEAD = errorSchema.describe(
  'Unknown, used or run out, the answer does not tell which; or the server has no Slack',
);

function slackOf({ slack }: Pick<RouteDeps, 'slack'>): SlackPort {
  if (slack === null) throw notFound('This server is not connected with Slack.');
  return slack;
}

const deadLink = (): HttpProblem =>
  new HttpProblem({
    status: 404,
    code: 'dead_link',
    message: 'This link is not valid any more. Ask for a new one in Slack.',
  });

const notYours = (): HttpProblem =>
  new HttpProblem({
    status: 409,
    code: 'has_account',
    message:
      'In Slack your e-mail belongs to another account than this link is about, so it was made for somebody else. Nothing was ' +
      'connected. Tell those who run Quoteroom if somebody sent it to you.',
  });
