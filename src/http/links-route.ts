import { z } from 'zod';
import { type ShareLink, LIVING_LINKS_MAX } from '../session/share-links.ts';
import { hashLinkToken } from '../session/link-token.ts';
import type { Person } from '../session/directory.ts';
import { errorSchema, quotePathSchema } from '../wire/http-schemas.ts';
import {
  type LinkJson,
  type LinkPermission,
  acceptedLinkSchema,
  isLivingLink,
  linkBodySchema,
  linkPathSchema,
  linkTokenPathSchema,
  linksSchema,
  madeLinkSchema,
} from '../wire/link-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { type PeopleNames, readPeopleNames } from './people-names.ts';
import { HttpProblem, notFound } from './problem.ts';
import type { QuoteGrants } from './quote-grants.ts';

/**
 * Share links: `/api/quotes/:id/links` for hosts of the quote and admins, `/api/links/:token/accept` for whoever was
 * sent one. The token is in the answer that makes the link and nowhere else, the request log included. Nobody needs
 * to be slowed down more than in any other request: a token cannot be guessed.
 */
export function addLinksRoutes(app: App, deps: RouteDeps, grants: QuoteGrants): void {
  const { shareLinks, now } = deps;

  app.route({
    method: 'POST',
    url: '/quotes/:id/links',
    schema: {
      summary: 'Make a share link',
      description:
        'Whoever signs in and opens it gets its permission in this quote, as a grant by whoever made the link. The token ' +
        `is shown this once. A quote has at most ${LIVING_LINKS_MAX} links that work. For hosts of the quote, and for ` +
        'admins in every quote.',
      params: quotePathSchema,
      body: linkBodySchema,
      response: { 201: madeLinkSchema, ...errorAnswers(400, 403, 404, 409) },
    },
    async handler(request, reply) {
      const { id, permission, expiresAt, token } = await make(
        request.params.id,
        personOf(request),
        request.body,
      );
      const url = `${deps.publicUrl()}/join/${token}`;
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ id, url, token, permission, expiresAt });
    },
  });

  app.route({
    method: 'GET',
    url: '/quotes/:id/links',
    schema: {
      summary: 'List the share links of a quote',
      description:
        'Newest first, those that work no more too; without their tokens, which nobody has but whom they were sent to. One ' +
        'whose maker is no host any more (`isByHost: false`) lets nobody in until they are one again. For ' +
        'hosts of the quote, and for admins in every quote.',
      params: quotePathSchema,
      response: { 200: linksSchema, ...errorAnswers(403, 404) },
    },
    async handler(request) {
      const quote = await grants.find(personOf(request), request.params.id, 'manage');
      const links = await shareLinks.ofQuote(quote);
      const makers = links.map(({ createdBy }) => createdBy);
      const managers = await grants.managersAmong(quote, makers);
      const names = await readPeopleNames(deps.directory, makers);
      return {
        links: links.map((link) => linkJson(link, { names, isByHost: managers.has(link.createdBy) })),
      };
    },
  });

  app.route({
    method: 'DELETE',
    url: '/quotes/:id/links/:link',
    schema: {
      summary: 'Revoke a share link',
      description:
        'It lets nobody in any more; who came in by it stays, see the people of the quote. For hosts of the quote, and for ' +
        'admins in every quote.',
      params: linkPathSchema,
      response: { 204: z.null().describe('Done, or done before'), ...errorAnswers(403, 404) },
    },
    async handler(request, reply) {
      const { id, link } = request.params;
      const quote = await grants.find(personOf(request), id, 'manage');
      if (!(await shareLinks.revoke(quote, link, now()))) throw notFound('This quote has no such link.');
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/links/:token/accept',
    schema: {
      summary: 'Come in by a share link',
      description:
        "Gives you the link's permission in its quote, at once in connections that are open too. What you may do already " +
        'is never lowered; if it is as much, nothing is changed. What a host gave you by name after the link was made stays ' +
        'as it is, and who was removed from the quote by name stays out (403). A link works while its maker is a host of the ' +
        'quote, or an admin.',
      params: linkTokenPathSchema,
      response: {
        200: acceptedLinkSchema,
        ...errorAnswers(403),
        404: errorSchema.describe(
          'Unknown, expired or revoked, the answer does not tell which; or its maker is no host any more',
        ),
      },
    },
    async handler(request) {
      const { link, permission } = await grants.enter(personOf(request), async () => {
        const found = await shareLinks.byTokenHash(hashLinkToken(request.params.token));
        if (found === null || !isLivingLink(found, now())) throw deadLink();
        const { quote, createdBy } = found;
        if (!(await grants.managersAmong(quote, [createdBy])).has(createdBy)) throw makerGone();
        return found;
      });
      await shareLinks.noteUse(link.id, now());
      return { quote: link.quote, permission };
    },
  });

  async function make(
    id: string,
    maker: Person,
    { permission, expires }: { readonly permission: LinkPermission; readonly expires: number | null },
  ): Promise<ShareLink & { readonly token: string }> {
    const quote = await grants.find(maker, id, 'manage');
    const createdAt = now();
    const token = deps.newLinkToken();
    const link: ShareLink = {
      id: deps.newId(),
      quote,
      permission,
      createdBy: maker.user,
      createdAt,
      expiresAt: expires === null ? null : createdAt + expires * HOUR_MS,
      revokedAt: null,
      uses: 0,
      lastUsedAt: null,
    };
    if (!(await shareLinks.add(link, hashLinkToken(token)))) throw tooManyLinks();
    return { ...link, token };
  }
}

const HOUR_MS = 3_600_000;

const dead = (message: string): HttpProblem => new HttpProblem({ status: 404, code: 'dead_link', message });

const deadLink = (): HttpProblem => dead('This link is not valid any more. Ask who sent it for a new one.');

const makerGone = (): HttpProblem =>
  dead(
    'This link does not work any more: who made it is no host of the quote now. Ask a host for a new one.',
  );

const tooManyLinks = (): HttpProblem =>
  new HttpProblem({
    status: 409,
    code: 'too_many_links',
    message: `This quote has ${LIVING_LINKS_MAX} links that work. Revoke one that is not needed any more.`,
  });

const linkJson = (
  { quote: _quote, createdBy, ...link }: ShareLink,
  { names, isByHost }: { readonly names: PeopleNames; readonly isByHost: boolean },
): LinkJson => ({
  ...link,
  createdBy: names.person(createdBy),
  isByHost,
});
