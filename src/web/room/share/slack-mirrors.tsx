import { useEffect, useState } from 'react';
import { type MirrorJson, mirrorsSchema } from '../../../wire/slack-schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { useNow } from '../../words/use-now.ts';
import { useQuote } from '../use-room.ts';
import { isOfInterest, mirrorWords } from './mirror-words.ts';
import classes from './share-dialog.module.css';

/** Where Slack shows the quote; nothing where it does not. */
export function SlackMirrors() {
  const mirrors = useMirrors();
  const now = useNow();
  const shown = mirrors.filter((mirror) => isOfInterest(mirror, now));
  if (shown.length === 0) return null;
  return (
    <section className={classes['section']} aria-labelledby="share-slack">
      <h3 id="share-slack">In Slack</h3>
      <ul className={classes['mirrors']} aria-labelledby="share-slack">
        {shown.map((mirror) => (
          <li key={`${mirror.channel} ${mirror.since}`}>
            <bdi>#{mirror.channel}</bdi>: <span className={classes['dim']}>{mirrorWords(mirror, now)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** As they were when the dialog opened. Where that cannot be read, sharing goes on without. */
function useMirrors(): readonly MirrorJson[] {
  const { quoteId } = useQuote();
  const api = useApi();
  const [mirrors, setMirrors] = useState<readonly MirrorJson[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    api.get(`/api/quotes/${encodeURIComponent(quoteId)}/slack`, mirrorsSchema, leaving.signal).then(
      (read) => setMirrors(read.mirrors),
      () => undefined,
    );
    return () => leaving.abort();
  }, [api, quoteId]);
  return mirrors;
}
