import { Tooltip, VisuallyHidden } from '@mantine/core';
import { Check, CloudOff, Eye, RefreshCw, Unplug } from 'lucide-react';
import type { PillState } from './status-pill.ts';
import { useAnnounced, useStatusPill } from './use-status-pill.ts';
import classes from './save-pill.module.css';

const ICONS: Readonly<Partial<Record<PillState, typeof Check>>> = {
  saved: Check,
  saving: RefreshCw,
  reconnecting: RefreshCw,
  returning: RefreshCw,
  connecting: RefreshCw,
  offline: CloudOff,
  view_only: Eye,
  disconnected: Unplug,
};

/** Is my work safe? */
export function SavePill() {
  const { state, label, sentence } = useStatusPill();
  const announced = useAnnounced(label);
  const Icon = ICONS[state];
  return (
    <>
      <Tooltip label={sentence} multiline maw={280}>
        <span className={classes['pill']} data-pill={state}>
          {Icon === undefined ? (
            <span className={classes['dot']} aria-hidden="true" />
          ) : (
            <Icon size={13} strokeWidth={2.25} aria-hidden="true" />
          )}
          <span className={classes['label']}>{label}</span>
        </span>
      </Tooltip>
      <VisuallyHidden component="output">{announced}</VisuallyHidden>
    </>
  );
}
