import { useCallback, useEffect, useState } from 'react';
import { z } from 'zod';
import { peopleSchema } from '../../../wire/http-schemas.ts';
import { type VersionJson, versionSchema, versionsSchema } from '../../../wire/version-schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { usePerson } from '../../sign-in/use-sign-in.ts';
import { problemOf } from '../../words/problem-of.ts';
import { type Reader, permissionIn } from './versions.ts';

export interface Versions {
  /** Newest point first; null until they are read. */
  readonly versions: readonly VersionJson[] | null;
  /** Null until it is known what they may do. */
  readonly reader: Reader | null;
  /** Why they could not be read, for a person. */
  readonly problem: string | null;
  reload(): void;
  /** Throws an `ApiError`, as do the others. */
  name(name: string, seq: number): Promise<void>;
  rename(version: string, name: string): Promise<void>;
  remove(version: string): Promise<void>;
}

/** The named versions of a quote. */
export function useVersions(quoteId: string): Versions {
  const api = useApi();
  const { user, role } = usePerson();
  const [versions, setVersions] = useState<readonly VersionJson[] | null>(null);
  const [reader, setReader] = useState<Reader | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const quote = `/api/quotes/${encodeURIComponent(quoteId)}`;
  const path = `${quote}/versions`;

  const read = useCallback(
    async (signal?: AbortSignal) => {
      try {
        const [named, people] = await Promise.all([
          api.get(path, versionsSchema, signal),
          api.get(`${quote}/people`, peopleSchema, signal),
        ]);
        setVersions(named.versions);
        setReader({ user, role, permission: permissionIn(people, user) });
        setProblem(null);
      } catch (error) {
        if (signal?.aborted !== true) setProblem(problemOf(error));
      }
    },
    [api, path, quote, user, role],
  );

  useEffect(() => {
    const leaving = new AbortController();
    const readNow = (): void => void read(leaving.signal);
    readNow();
    return () => leaving.abort();
  }, [read]);

  const one = (version: string): string => `${path}/${encodeURIComponent(version)}`;
  return {
    versions,
    reader,
    problem,
    reload: () => void read(),
    async name(name, seq) {
      await api.send('POST', path, { name, seq }, versionSchema);
      await read();
    },
    async rename(version, name) {
      await api.send('PATCH', one(version), { name }, versionSchema);
      await read();
    },
    async remove(version) {
      await api.send('DELETE', one(version), undefined, z.undefined());
      await read();
    },
  };
}
