import { beforeEach, describe, expect, test } from 'vitest';
import { Bug } from '../../src/lib/assert.ts';
import type { SessionChanges, SessionStore } from '../../src/session/session-store.ts';
import { activeEdit, auditRow, changes, participantRecord, sessionRecord } from '../support/build-session.ts';
import { quoteId, userId } from '../support/build-entry.ts';

const all = { after: 0, limit: 100 };

/** What every adapter of the store of sessions keeps to. */
export function describeSessionStoreContract(adapter: string, create: () => SessionStore): void {
  describe(`${adapter} as a store of sessions`, () => {
    let store: SessionStore;

    beforeEach(() => {
      store = create();
      return () => store.close();
    });

    test('[S1] what is written is there, each row in place of the one before', async () => {
      expect(await store.session('s1')).toBeNull();
      const written = {
        sessions: [sessionRecord()],
        participants: [participantRecord()],
        activeEdits: [{ session: 's1', edits: [activeEdit()] }],
        audit: [auditRow(1), auditRow(2, { why: null, user: null, detail: null })],
      };
      await store.write(written);
      expect(await store.session('s1')).toStrictEqual(written.sessions[0]);
      expect(await store.participants('s1')).toStrictEqual(written.participants);
      expect(await store.activeEdits('s1')).toStrictEqual([activeEdit()]);
      expect(await store.audit('s1', all)).toStrictEqual(written.audit);

      const closed = sessionRecord({
        state: 'closed',
        endedAt: 9_000,
        endedBy: userId('ann'),
        endedWhy: 'by_hand',
        warnedAt: 8_000,
        startedBy: null,
      });
      const left = participantRecord({ leftAt: 9_000, permission: 'host', role: 'admin', name: 'Bo' });
      await store.write(changes({ sessions: [closed], participants: [left] }));
      expect(await store.session('s1')).toStrictEqual(closed);
      expect(await store.participants('s1')).toStrictEqual([left]);
      expect(await store.audit('s1', all)).toStrictEqual(written.audit);
    });

    test('[S1] what is refused in part is refused whole', async () => {
      await store.write(changes({ sessions: [sessionRecord()], audit: [auditRow(1)] }));
      const broken = changes({
        sessions: [sessionRecord({ state: 'collaborative' })],
        participants: [participantRecord()],
        activeEdits: [{ session: 's1', edits: [activeEdit()] }],
        audit: [auditRow(2), auditRow(4)],
      });
      await expect(store.write(broken)).rejects.toBeInstanceOf(Bug);
      expect(await store.session('s1')).toStrictEqual(sessionRecord());
      expect(await store.participants('s1')).toEqual([]);
      expect(await store.activeEdits('s1')).toEqual([]);
      expect(await store.audit('s1', all)).toHaveLength(1);
    });

    test('[S2] a quote has one open session, and a new one once that is ended, in one write', async () => {
      await store.write(changes({ sessions: [sessionRecord()] }));
      const second = sessionRecord({ id: 's2' });
      await expect(store.write(changes({ sessions: [second] }))).rejects.toBeInstanceOf(Bug);
      const ended = sessionRecord({ state: 'closed', endedAt: 2_000, endedWhy: 'inactive' });
      await store.write(changes({ sessions: [ended, second] }));
      expect(await store.openSessions()).toStrictEqual([second]);
    });

    test.each<[string, SessionChanges['audit']]>([
      ['a row again', [auditRow(1)]],
      ['a row after a hole', [auditRow(3)]],
      ['a row in place of another', [auditRow(1, { event: 'another' })]],
    ])('[S3] the audit takes no %s', async (_what, audit) => {
      await store.write(changes({ sessions: [sessionRecord()], audit: [auditRow(1)] }));
      await expect(store.write(changes({ audit }))).rejects.toBeInstanceOf(Bug);
      expect(await store.audit('s1', all)).toStrictEqual([auditRow(1)]);
    });

    test('[S3] the audit is read in pages', async () => {
      const rows = [1, 2, 3, 4].map((n) => auditRow(n));
      await store.write(changes({ sessions: [sessionRecord()], audit: rows }));
      expect(await store.audit('s1', { after: 1, limit: 2 })).toStrictEqual(rows.slice(1, 3));
      expect(await store.audit('s2', all)).toEqual([]);
    });

    test('[S4] sessions are listed newest first, in pages', async () => {
      const sessions = ['a', 'b', 'c', 'd'].map((id, index) =>
        sessionRecord({ id, quote: quoteId(`q-${id}`), startedAt: index < 2 ? 1_000 : 1_000 + index }),
      );
      await store.write(changes({ sessions }));
      const first = await store.sessions({ limit: 3 });
      expect(first.sessions.map(({ id }) => id)).toEqual(['d', 'c', 'b']);
      const second = await store.sessions({ limit: 3, after: first.next ?? '' });
      expect(second).toStrictEqual({ sessions: sessions.slice(0, 1), next: null });
      expect(await store.sessions({ limit: 4 })).toMatchObject({ next: null });
      expect(await store.sessions({ limit: 4, after: 'nonsense' })).toEqual({ sessions: [], next: null });
    });

    test('[S4] and by quote, open or ended', async () => {
      const ended = sessionRecord({ state: 'closed', endedAt: 2_000, endedWhy: 'inactive' });
      const open = sessionRecord({ id: 's2', startedAt: 3_000 });
      const other = sessionRecord({ id: 's3', startedAt: 4_000, quote: quoteId('q2') });
      await store.write(changes({ sessions: [ended, open, other] }));
      const ids = async (query: object): Promise<string[]> =>
        (await store.sessions({ limit: 10, ...query })).sessions.map(({ id }) => id);
      expect(await ids({})).toEqual(['s3', 's2', 's1']);
      expect(await ids({ quote: quoteId('q1') })).toEqual(['s2', 's1']);
      expect(await ids({ open: true })).toEqual(['s3', 's2']);
      expect(await ids({ open: false })).toEqual(['s1']);
      expect(await ids({ quote: quoteId('q1'), open: true })).toEqual(['s2']);
      expect((await store.openSessions()).map(({ id }) => id)).toEqual(['s2', 's3']);
    });

    test('[S36] another name for a person, in all sessions, and for nobody else', async () => {
      const sessions = ['s1', 's2'].map((id) => sessionRecord({ id, quote: quoteId(`of-${id}`) }));
      const bob = participantRecord({ user: userId('bob'), name: 'Bob' });
      const own = sessions.map(({ id }) => participantRecord({ session: id }));
      await store.write(changes({ sessions, participants: [...own, bob] }));
      expect(await store.rename(userId('ann'), 'Erased')).toBe(2);
      expect(await store.rename(userId('carl'), 'Erased')).toBe(0);
      expect(await store.participants('s1')).toStrictEqual([participantRecord({ name: 'Erased' }), bob]);
      expect(await store.participants('s2')).toMatchObject([{ name: 'Erased' }]);
    });

    test('[S5] participants in order, and active edits replaced whole', async () => {
      const [bob, ann, carl] = [
        participantRecord({ user: userId('bob'), joinedAt: 1_000 }),
        participantRecord({ user: userId('ann'), joinedAt: 2_000 }),
        participantRecord({ user: userId('carl'), joinedAt: 1_000 }),
      ];
      const edits = [activeEdit({ user: userId('bob') }), activeEdit()];
      await store.write(
        changes({
          sessions: [sessionRecord()],
          participants: [ann, carl, bob],
          activeEdits: [{ session: 's1', edits }],
        }),
      );
      expect(await store.participants('s1')).toStrictEqual([bob, carl, ann]);
      expect(await store.activeEdits('s1')).toStrictEqual([activeEdit(), edits[0]]);
      await store.write(changes({ activeEdits: [{ session: 's1', edits: [] }] }));
      expect(await store.activeEdits('s1')).toEqual([]);
    });

    test('[S1] closing twice is fine', async () => {
      await store.close();
      await expect(store.close()).resolves.toBeUndefined();
    });
  });
}
