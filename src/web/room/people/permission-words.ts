import type { DefaultPermission, GivenPermission } from '../../../authority/role.ts';

/** What a host can choose for a person: a permission, or `default`, whatever everyone else has. */
export type Choice = GivenPermission | 'default';

export const PERMISSION_TITLES: Readonly<Record<GivenPermission, string>> = {
  host: 'Host',
  editor: 'Editor',
  viewer: 'Viewer',
  none: 'No access',
};

/** What everyone may do who was given nothing by name. */
export const DEFAULT_SENTENCES: Readonly<Record<DefaultPermission, string>> = {
  none: 'Nobody else can open this quote.',
  viewer: 'Everyone else in the company can view this quote.',
  editor: 'Everyone else in the company can edit this quote.',
};

/** What has to be asked before it is done, since it shuts somebody out or cannot be taken back; null where nothing. */
export function questionBefore(
  choice: Choice,
  { name, isMe }: { readonly name: string; readonly isMe: boolean },
): string | null {
  if (choice === 'none')
    return isMe
      ? 'Remove yourself from this quote? Only another host can let you in again.'
      : `Remove ${name} from this quote? The page closes for them at once.`;
  if (isMe && choice !== 'host') return 'Give up being a host? Only another host can make you one again.';
  return null;
}
