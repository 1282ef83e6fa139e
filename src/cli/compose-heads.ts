import { believedTombstones } from '../audit/check-tombstone.ts';
import { type HeadSigner, openHeadSigner } from '../audit/head-signer.ts';
import { keepAuditKey, readAuditKeys } from './audit-key.ts';
import type { WritableData } from './data-folder.ts';
import { later } from './process-clock.ts';
import type { StoreSettings } from './settings.ts';

/** The signer of heads over this folder's log, with the folder's key or that of the settings. */
export async function composeHeads(
  data: Pick<WritableData, 'heads' | 'log' | 'newestEntries'>,
  settings: Pick<StoreSettings, 'data' | 'auditKey'>,
  { now, report }: { readonly now: () => number; readonly report: (error: unknown) => void },
): Promise<HeadSigner> {
  const signer = keepAuditKey(settings.data, settings.auditKey);
  const tombstones = believedTombstones(await data.log.tombstones(), readAuditKeys(settings.data));
  const { heads, log } = data;
  return openHeadSigner({ heads, log, signer, tombstones, now, later, report }, data.newestEntries());
}
