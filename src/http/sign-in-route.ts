import { type SignInJson, errorSchema, signInSchema } from '../wire/http-schemas.ts';
import type { App } from './app.ts';
import { forbidden } from './problem.ts';

/** How people sign in to this server. */
export type SignIn =
  /** As one of the people of a demo, whose tokens are made when they are asked for. */
  | { readonly kind: 'demo'; people(): Promise<Extract<SignInJson, { kind: 'demo' }>['people']> }
  /** By a token of the company's own sign-in, at `signInUrl` where that is known. */
  | { readonly kind: 'token'; readonly signInUrl: string | null };

export interface SignInDeps {
  readonly signIn: SignIn;
  /** Where people reach the server. */
  readonly publicUrl: () => string;
}

/**
 * `GET /api/sign-in`: what the page shows to who has no token. Tokens of the demo go to pages of this machine only: a
 * page of another site can have its own name lead here (DNS rebinding), but the name then stands in `Host`.
 */
export function addSignInRoute(app: App, { signIn, publicUrl }: SignInDeps): void {
  app.route({
    method: 'GET',
    url: '/api/sign-in',
    schema: {
      summary: 'How to sign in',
      description:
        '`demo`: one person of each role, with a token for each (`serve --dev`, asked by a local name only). `token`: ' +
        'by a token of your company; `signInUrl` is where to get one, if the server knows.',
      security: [],
      response: {
        200: signInSchema,
        403: errorSchema.describe('A demo, asked by a name that is not its own'),
        429: errorSchema.describe('Too many requests: see `Retry-After`'),
      },
    },
    async handler(request, reply): Promise<SignInJson> {
      reply.header('cache-control', 'no-store');
      if (signIn.kind === 'token') {
        return { kind: 'token', ...(signIn.signInUrl !== null && { signInUrl: signIn.signInUrl }) };
      }
      const url = publicUrl();
      if (!isOwnName(request.headers.host, url)) {
        throw forbidden(`This demo signs people in at its own address only. Open ${url} instead.`);
      }
      return { kind: 'demo', people: await signIn.people() };
    },
  });
}

const LOCAL_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

function isOwnName(host: string | undefined, publicUrl: string): boolean {
  const [, name = ''] = /^(\[[\da-f:.]+\]|[^:@/]+)(?::\d+)?$/i.exec(host ?? '') ?? [];
  return [...LOCAL_NAMES, new URL(publicUrl).hostname].includes(name.toLowerCase());
}
