import type { CSSProperties } from 'react';
import { ROLE_TITLES } from '../../authority/role.ts';
import type { ChangeJson } from '../../wire/audit-schemas.ts';
import { colorOf } from '../../wire/person-color.ts';
import { valueText } from '../room/panel/feed-line.ts';
import { clockTime } from '../words/time-ago.ts';
import type { CellTint, RowTint } from './tints.ts';

/** "Dana (VP Sales), 14:32" */
export const authorText = ({ name, role, at }: ChangeJson, now: number, locale?: string): string =>
  `${name} (${ROLE_TITLES[role]}), ${clockTime(at, now, locale)}`;

/** "10 % → 12 %, Dana (VP Sales), 14:32" */
export const cellTintText = (
  cell: string,
  { change, before, after }: CellTint,
  { now, locale }: { readonly now: number; readonly locale?: string },
): string =>
  `${valueText(cell, before, locale)} → ${valueText(cell, after, locale)}, ${authorText(change, now, locale)}`;

/** "Removed, Dana (VP Sales), 14:32" */
export const rowTintText = ({ kind, change }: RowTint, now: number, locale?: string): string =>
  `${ROW_DEEDS[kind]}, ${authorText(change, now, locale)}`;

export const ROW_DEEDS: Readonly<Record<RowTint['kind'], string>> = {
  added: 'Added',
  removed: 'Removed',
  restored: 'Restored',
  moved: 'Moved',
};

/** The author's colour, for the style sheet. */
export const inColorOf = (change: ChangeJson | undefined): CSSProperties | undefined =>
  change === undefined ? undefined : ({ '--person': colorOf(change.user) } as CSSProperties);
