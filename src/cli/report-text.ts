import type { AtOnce, UsageFigures, UsageReport } from '../audit/usage-figures.ts';
import { showTime } from './moment.ts';
import { plain } from './plain-text.ts';
import { type TableColumn, renderTable } from './table.ts';

/** The figures of use as lines: all together, then a table of the quotes in which something happened. */
export function renderReport({ since, overall, quotes }: UsageReport): string[] {
  const busy = quotes.filter(
    ({ sessions, edits, conflicts }) => sessions.total + edits.total + conflicts.total > 0,
  );
  return [
    since === null ? 'Figures of use' : `Figures of use since ${showTime(since)} UTC`,
    '',
    ...renderTable(SUMMARY, summaryOf(overall)).slice(1),
    '',
    ...(busy.length === 0 ? ['Nothing happened in any quote yet.'] : renderTable(COLUMNS, busy.map(cellsOf))),
    ...(quotes.length > busy.length && busy.length > 0
      ? [`and ${quotes.length - busy.length} in which nothing happened`]
      : []),
  ].map(plain);
}

const SUMMARY: readonly TableColumn[] = [{ title: ' ' }, { title: ' ' }];

function summaryOf(figures: UsageFigures): string[][] {
  const { sessions, editToSight, conflicts, edits, connections, traffic } = figures;
  const fields = Object.entries(conflicts.byField).map(([field, count]) => `${field} ${count}`);
  return [
    [
      'Sessions',
      `${sessions.total}: ${sessions.open} open (${sessions.active} with somebody in them), ${sessions.ended.byHand} ended by hand, ${sessions.ended.inactive} for want of activity`,
    ],
    [
      'Stability',
      `${percent(sessions.stability)} without an unwanted disconnect (${connections.unwantedDisconnects} of ${connections.total} connections)`,
    ],
    ['Editing at once in a quote', atOnce(figures.editingAtOnce)],
    ['Present at once in a quote', atOnce(figures.presentAtOnce)],
    ['Edit to sight', describeLatency(editToSight)],
    [
      'Conflicts',
      `${conflicts.total}: ${conflicts.refused} refused and ${conflicts.overridden} overridden by authority, ${conflicts.held} held`,
    ],
    [
      '  settled',
      `${conflicts.settledAutomatically} automatically (${conflicts.expired} because nobody chose in time), ${conflicts.settledByPeople} by people`,
    ],
    ...(fields.length === 0 ? [] : [['  by field', shorten(fields)]]),
    [
      'Edits',
      `${edits.total}, ${edits.inSessions} in sessions, of these ${percent(edits.sharedRatio)} in sessions of two or more people`,
    ],
    ['Connections', `${connections.total}, ${duration(connections.meanSeconds)} on average`],
    [
      'Traffic',
      `${number(traffic.messagesPerSecond)} messages and ${number(traffic.bytesPerSecond)} bytes a second while somebody is there`,
    ],
  ];
}

const FIELDS_SHOWN = 8;

const shorten = (texts: readonly string[]): string =>
  texts.slice(0, FIELDS_SHOWN).join(', ') +
  (texts.length > FIELDS_SHOWN ? `, and ${texts.length - FIELDS_SHOWN} more` : '');

const COLUMNS: readonly TableColumn[] = [
  { title: 'Quote' },
  { title: 'Sessions', align: 'right' },
  { title: 'Stable', align: 'right' },
  { title: 'Editing: peak', align: 'right' },
  { title: 'mean', align: 'right' },
  { title: 'Present: peak', align: 'right' },
  { title: 'mean', align: 'right' },
  { title: 'Sight p95', align: 'right' },
  { title: 'Conflicts', align: 'right' },
  { title: 'automatic', align: 'right' },
  { title: 'held', align: 'right' },
  { title: 'Edits', align: 'right' },
  { title: 'shared', align: 'right' },
];

const cellsOf = (figures: UsageReport['quotes'][number]): string[] => [
  figures.quote,
  `${figures.sessions.total}`,
  percent(figures.sessions.stability),
  `${figures.editingAtOnce.peak}`,
  number(figures.editingAtOnce.mean),
  `${figures.presentAtOnce.peak}`,
  number(figures.presentAtOnce.mean),
  milliseconds(figures.editToSight.p95Ms, figures.editToSight.count),
  `${figures.conflicts.total}`,
  `${figures.conflicts.settledAutomatically}`,
  `${figures.conflicts.held}`,
  `${figures.edits.total}`,
  percent(figures.edits.sharedRatio),
];

const NONE = '-';

const percent = (share: number | null): string => (share === null ? NONE : `${(share * 100).toFixed(1)} %`);

const number = (value: number | null): string => (value === null ? NONE : value.toFixed(1));

const atOnce = ({ peak, mean }: AtOnce): string => `${peak} at most, ${number(mean)} on average`;

const describeLatency = ({ count, p50Ms, p95Ms, p99Ms }: UsageFigures['editToSight']): string =>
  count === 0
    ? NONE
    : `half within ${milliseconds(p50Ms, count)}, 95 % within ${milliseconds(p95Ms, count)}, 99 % within ${milliseconds(p99Ms, count)} (${count} edits)`;

/** Above the last bucket the histogram does not say how long. */
function milliseconds(ms: number | null, count: number): string {
  if (count === 0) return NONE;
  return ms === null ? 'more than 5 s' : `${ms} ms`;
}

function duration(seconds: number | null): string {
  if (seconds === null) return NONE;
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}
