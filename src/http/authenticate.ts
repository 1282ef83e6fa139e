import type { FastifyRequest } from 'fastify';
import { present } from '../lib/assert.ts';
import type { Access, SignedIn } from '../session/access.ts';
import { unauthenticated } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any route below `/api` that needs to know. */
    person: SignedIn | null;
  }
}

/** Finds out who asks, by `Authorization: Bearer TOKEN`; throws 401 where that is nobody. */
export async function authenticate(request: FastifyRequest, access: Access): Promise<void> {
  const person = await access.signIn(bearerOf(request) ?? tokenInQuery(request));
  if (!person.ok) throw unauthenticated(person.reason.message);
  request.person = person.value;
}

export const personOf = (request: FastifyRequest): SignedIn =>
  present(request.person, 'the route asks who it is');

const bearerOf = ({ headers }: FastifyRequest): string | undefined =>
  /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];

/** Only for streams: `EventSource` can send no headers. */
function tokenInQuery({ routeOptions, query }: FastifyRequest): string | undefined {
  const { token } = query as { readonly token?: unknown };
  return routeOptions.config.takesTokenInQuery === true && typeof token === 'string' ? token : undefined;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly takesTokenInQuery?: boolean;
  }
}
