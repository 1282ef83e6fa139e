import { kindOfDiscount, targetOfDiscount, WHOLE_QUOTE } from '../../quote/discount.ts';
import { valueText } from '../room/panel/feed-line.ts';
import { AUDIENCE_TITLES, audienceOf } from '../words/audience-titles.ts';
import { columnTitle } from '../../quote/column-titles.ts';
import { formatAmount } from '../../quote/format-amount.ts';
import { statusTitle } from '../../quote/status-titles.ts';
import classes from './frozen.module.css';
import { CARD_FIELDS, type FrozenRow, textOf } from './frozen-quote.ts';
import { authorText, cellTintText, inColorOf, rowTintText } from './tint-words.ts';
import { useFrozen } from './use-frozen.ts';
import { useHistory } from './use-history.ts';

/** What held for the whole quote. */
export function FrozenFields() {
  const { frame, tints, now } = useFrozen();
  const { fields } = frame.quote;
  const changed = [...tints.cells.keys()]
    .filter((cell) => cell.startsWith('fields/'))
    .map((cell) => cell.slice(7));
  const others = [...new Set([...Object.keys(fields), ...changed])]
    .filter((name) => !CARD_FIELDS.includes(name))
    .toSorted();
  const shown = [...CARD_FIELDS, ...others].filter(
    (name) => changed.includes(name) || (name !== 'title' && textOf(fields[name]) !== '') || ALWAYS.has(name),
  );
  return (
    <section className={classes['details']} aria-label="Details">
      <dl className={classes['fields']}>
        {shown.map((name) => {
          const cell = `fields/${name}`;
          const tint = tints.cells.get(cell);
          const value = fields[name] ?? null;
          return (
            <div
              key={name}
              className={`${classes['field']} ${classes['tinted']}`}
              style={inColorOf(tint?.change)}
              data-tint={tint === undefined ? undefined : true}
              data-field={name}
              title={tint === undefined ? undefined : cellTintText(cell, tint, { now })}
            >
              <dt>{columnTitle('fields', name)}</dt>
              <dd>
                {name === 'status' ? statusTitle(value) : value === null ? '–' : valueText(cell, value)}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

const ALWAYS = new Set(['customer', 'status', 'currency']);

export function FrozenDiscounts() {
  const { quote } = useFrozen();
  return (
    <section className={classes['part']} aria-label="Discounts">
      <h2>Discounts</h2>
      {quote.discounts.length === 0 && <p className={classes['none']}>There were none.</p>}
      <ul>
        {quote.discounts.map((row) => (
          <Discount key={row.id} row={row} />
        ))}
      </ul>
    </section>
  );
}

function Discount({ row }: { readonly row: FrozenRow }) {
  const history = useHistory();
  const { currency } = useFrozen();
  const mark = useRowMark('discounts', row);
  const { label, value } = row.cells;
  const target = targetOfDiscount(row.cells);
  const amount = typeof value === 'string' && /^-?\d/.test(value) ? formatAmount(value) : textOf(value);
  return (
    <li className={`${classes['discount']} ${classes['tinted']}`} {...mark}>
      <span>{textOf(label) === '' ? 'Discount' : textOf(label)}</span>
      {target !== WHOLE_QUOTE && (
        <span className={classes['dim']}>on {history.rowName('lineItems', target) ?? 'a line'}</span>
      )}
      <span className={classes['value']}>
        {amount === '' ? '–' : `${amount} ${kindOfDiscount(row.cells) === 'percent' ? '%' : currency}`}
      </span>
    </li>
  );
}

export function FrozenNotes() {
  const { quote } = useFrozen();
  return (
    <section className={classes['part']} aria-label="Notes">
      <h2>Notes</h2>
      {quote.notes.length === 0 && <p className={classes['none']}>There were none.</p>}
      <ul>
        {quote.notes.map((note) => (
          <Note key={note.id} note={note} />
        ))}
      </ul>
    </section>
  );
}

function Note({ note }: { readonly note: FrozenRow & { readonly text: string } }) {
  const mark = useRowMark('notes', note);
  const audience = audienceOf(note.cells['audience'] ?? null);
  return (
    <li className={`${classes['note']} ${classes['tinted']}`} data-audience={audience} {...mark}>
      <div className={classes['meta']}>
        <b>{textOf(note.cells['author']) || 'Somebody'}</b>
        <span className={classes['dim']}>{AUDIENCE_TITLES[audience]}</span>
      </div>
      <p>{note.text}</p>
    </li>
  );
}

/** A discount or note is marked as a whole: by what became of it, else by what was last written in it. */
function useRowMark(root: 'discounts' | 'notes', { id, isRemoved }: FrozenRow) {
  const { tints, now } = useFrozen();
  const row = tints.rows.get(`${root}/${id}`);
  const cells = [...tints.cells].filter(([cell]) => cell.startsWith(`${root}/${id}/`));
  const text = root === 'notes' ? tints.notes.get(id) : undefined;
  const change = row?.change ?? cells.at(-1)?.[1].change ?? text;
  const words = [
    ...(row === undefined ? [] : [rowTintText(row, now)]),
    ...cells.map(([cell, tint]) => cellTintText(cell, tint, { now })),
    ...(text === undefined ? [] : [`Text changed, ${authorText(text, now)}`]),
  ];
  return {
    style: inColorOf(change),
    'data-tint': change === undefined ? undefined : true,
    'data-removed': isRemoved || undefined,
    title: words.length === 0 ? undefined : words.join('\n'),
  };
}
