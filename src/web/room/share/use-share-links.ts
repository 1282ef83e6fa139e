import { useCallback, useEffect, useState } from 'react';
import { z } from 'zod';
import {
  type LinkJson,
  type LinkPermission,
  linksSchema,
  madeLinkSchema,
} from '../../../wire/link-schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { problemOf } from '../../words/problem-of.ts';
import { useQuote } from '../use-room.ts';
import type { LinkLife } from './share-words.ts';

/** A link just after it was made: the only time that its address is known. Kept nowhere but in the dialog. */
export type MadeLink = z.infer<typeof madeLinkSchema>;

export interface ShareLinksHere {
  /** Newest first; null until they are read. */
  readonly links: readonly LinkJson[] | null;
  /** What went wrong when they were read, for a person. */
  readonly problem: string | null;
  reload(): void;
  /** Throws an `ApiError`, as does `revoke`. */
  make(permission: LinkPermission, life: LinkLife): Promise<MadeLink>;
  revoke(id: string): Promise<void>;
}

/** The share links of the quote; for its hosts and for admins. */
export function useShareLinks(): ShareLinksHere {
  const { quoteId } = useQuote();
  const api = useApi();
  const [links, setLinks] = useState<readonly LinkJson[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const path = `/api/quotes/${encodeURIComponent(quoteId)}/links`;

  const read = useCallback(
    async (signal?: AbortSignal) => {
      try {
        setLinks((await api.get(path, linksSchema, signal)).links);
        setProblem(null);
      } catch (error) {
        if (signal?.aborted !== true) setProblem(problemOf(error));
      }
    },
    [api, path],
  );

  useEffect(() => {
    const leaving = new AbortController();
    const again = (): void => void read(leaving.signal);
    again();
    return () => leaving.abort();
  }, [read]);

  return {
    links,
    problem,
    reload: () => void read(),
    async make(permission, life) {
      const made = await api.send('POST', path, { permission, expires: life }, madeLinkSchema);
      await read();
      return made;
    },
    async revoke(id) {
      await api.send('DELETE', `${path}/${encodeURIComponent(id)}`, undefined, z.undefined());
      await read();
    },
  };
}
