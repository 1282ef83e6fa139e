import { sealEntry, GENESIS_HASH } from '../../src/log/entry-hash.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { migrateUp } from '../../src/log/migrate.ts';
import { buildChain, buildSummary, storedPolicy } from '../../test/support/build-entry.ts';
import { rmSync } from 'node:fs';
for (const mode of ['with summary', 'without', 'autockpt 4000', 'with summary', 'without']) {
rmSync('/tmp/work/m.db', { force: true }); rmSync('/tmp/work/m.db-wal', { force: true });
const db = openDatabase('/tmp/work/m.db'); migrateUp(db); const log = createSqliteLog(db);
if (mode.startsWith('auto')) db.pragma('wal_autocheckpoint = 4000');
await log.savePolicy(storedPolicy as never);
const entries = buildChain('q1', 5000);
const c0 = process.cpuUsage(); const t = performance.now();
for (const e of entries) await log.append([e], mode === 'without' ? [] : [buildSummary('q1', { seq: e.seq, lastChange: { at: e.at + e.seq, by: 'u', cell: 'x' } })]);
const c1 = process.cpuUsage(c0);
console.log(mode, entries.length, 'us', ((performance.now() - t) * 1000 / entries.length).toFixed(0), 'cpu', ((c1.user + c1.system) / entries.length).toFixed(0), 'user', (c1.user/ entries.length).toFixed(0));
db.close();
}
