import { useEffect, useState } from 'react';
import { defaultLimits } from '../../lib/limits.ts';
import { type Result, fail } from '../../lib/result.ts';
import { type ImportSource, type ImportText, readSource } from './import-source.ts';

/** The text of a source; null while it is being read. */
export function useImportText(source: ImportSource): Result<ImportText> | null {
  const [read, setRead] = useState<Result<ImportText> | null>(null);
  useEffect(() => {
    let isLeft = false;
    const take = (result: Result<ImportText>): void => {
      if (!isLeft) setRead(result);
    };
    readSource(source, defaultLimits.httpBodyBytes).then(take, (error: unknown) => take(fail(String(error))));
    return () => {
      isLeft = true;
    };
  }, [source]);
  return read;
}
