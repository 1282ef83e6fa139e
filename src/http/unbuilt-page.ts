/**
 * What stands in the place of the page where nobody built it: says so, and how to work without. It is the same for
 * everyone and holds nothing of the request; the address is the one that the server knows itself by.
 */
export const unbuiltPage = (url: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Quoteroom</title>
<h1>Quoteroom</h1>
<p>The server runs, but its page is not built yet. Run <code>npm run build</code> in its folder, then reload.</p>
<p>Until then, from a terminal, with what stands behind <code>?token=</code> in a sign-in link:</p>
<pre>
export QUOTEROOM_URL=${escaped(url)}
export QUOTEROOM_TOKEN=TOKEN
quoteroom quote list
quoteroom watch QUOTE
</pre>
<p>For programs: <a href="/api/openapi.json">/api/openapi.json</a> and <code>docs/protocol.md</code>.</p>
</html>
`;

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
