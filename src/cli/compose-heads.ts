import { type HeadSigner, openHeadSigner } from '../audit/head-signer.ts';
import { keepAuditKey } from './audit-key.ts';
import type { WritableData } from './data-folder.ts';
import { later } from './process-clock.ts';
import type { Settings } from './settings.ts';

/** The signer of heads over this folder's log, with the folder's key or that of the settings. */
export const composeHeads = (
  data: Pick<WritableData, 'heads' | 'log' | 'newestEntries'>,
  settings: Pick<Settings, 'data' | 'auditKey'>,
  { now, report }: { readonly now: () => number; readonly report: (error: unknown) => void },
): Promise<HeadSigner> =>
  openHeadSigner(
    {
      heads: data.heads,
      log: data.log,
      signer: keepAuditKey(settings.data, settings.auditKey),
      now,
      later,
      report,
    },
    data.newestEntries(),
  );
