import type { CellId } from '../../src/lib/ids.ts';
import { emptyHistogram } from '../../src/session/latency-histogram.ts';
import type {
  ActiveEditRecord,
  AuditRecord,
  ParticipantRecord,
  SessionChanges,
  SessionRecord,
} from '../../src/session/session-store.ts';
import { quoteId, userId } from './build-entry.ts';

/** Builders of records of sessions: valid ones, to be changed where a test cares. */

export const sessionRecord = (change: Partial<SessionRecord> = {}): SessionRecord => ({
  id: 's1',
  quote: quoteId('q1'),
  state: 'solo',
  startedAt: 1_000,
  startedBy: userId('ann'),
  startedWhy: 'joined',
  lastActivityAt: 1_500,
  warnedAt: null,
  endedAt: null,
  endedBy: null,
  endedWhy: null,
  auditCount: 2,
  figures: {
    edits: 3,
    peopleMax: 2,
    connections: 4,
    connectionMs: 5_000,
    unwantedDisconnects: 1,
    messages: 60,
    bytes: 7_000,
    latency: emptyHistogram(),
  },
  ...change,
});

export const participantRecord = (change: Partial<ParticipantRecord> = {}): ParticipantRecord => ({
  session: 's1',
  user: userId('ann'),
  name: 'Ann',
  role: 'sales_rep',
  permission: 'editor',
  status: 'viewing',
  joinedAt: 1_000,
  lastActivityAt: 1_500,
  leftAt: null,
  presentMs: 500,
  edits: 3,
  ...change,
});

export const activeEdit = (change: Partial<ActiveEditRecord> = {}): ActiveEditRecord => ({
  session: 's1',
  user: userId('ann'),
  cell: 'fields/title' as CellId,
  since: 1_200,
  ...change,
});

export const auditRow = (n: number, change: Partial<AuditRecord> = {}): AuditRecord => ({
  session: 's1',
  n,
  at: 1_000 + n,
  event: 'joined',
  from: 'solo',
  to: 'collaborative',
  user: userId('ann'),
  why: 'a reason',
  detail: { role: 'sales_rep', cells: ['fields/title'] },
  ...change,
});

export const changes = (some: Partial<SessionChanges>): SessionChanges => ({
  sessions: [],
  participants: [],
  activeEdits: [],
  audit: [],
  ...some,
});
