import type { App } from './app.ts';

/**
 * `GET /`, where the sign-in links lead: says what this server is and how to connect to it. The page is the same
 * for everyone and holds nothing of the request: the token of a link is neither read nor shown, and its address is the
 * one that the server knows itself by, not the one that the request claims.
 */
export function addStartPage(app: App, { publicUrl }: { readonly publicUrl: () => string }): void {
  app.get('/', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(pageOf(publicUrl())),
  );
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const pageOf = (url: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Quoteroom</title>
<style>
body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif }
pre { overflow: auto }
</style>
<h1>Quoteroom</h1>
<p>This is a Quoteroom server: a live room for each sales quote. There is no page yet in which to work on quotes, and
opening this one signs nobody in. A sign-in link carries a token, the text after <code>?token=</code>, for these,
where it goes in the place of <code>TOKEN</code>, and a quote's id in that of <code>QUOTE</code>:</p>
<h2>In a terminal</h2>
<pre>
export QUOTEROOM_URL=${escaped(url)}
export QUOTEROOM_TOKEN=TOKEN
quoteroom quote list
quoteroom watch QUOTE
</pre>
<p>Inside a clone, <code>quoteroom</code> is <code>node dist/cli/main.js</code>.</p>
<h2>From a program</h2>
<p>Any <a href="https://yjs.dev">Yjs</a> client with y-websocket connects to
<code>${escaped(url.replace(/^http/, 'ws'))}/sync/QUOTE?token=TOKEN</code>: see <code>docs/protocol.md</code>.
Everything that is not live goes over HTTP, described at <a href="/api/openapi.json">/api/openapi.json</a>.</p>
</html>
`;
