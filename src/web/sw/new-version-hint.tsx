import { Hint } from '../pages/hint.tsx';
import { type NewVersion, useNewVersion } from './new-version.ts';

export function NewVersionHint({ newVersion }: { readonly newVersion: NewVersion }) {
  const isHere = useNewVersion(newVersion);
  return isHere ? (
    <Hint action="Reload" onAction={() => window.location.reload()}>
      A new version is here.
    </Hint>
  ) : null;
}
