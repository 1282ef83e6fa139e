import { Fragment } from 'react';
import { formatAmount } from '../../quote/format-amount.ts';
import type { PrintedGroup, PrintedLine, PrintedQuote } from './printed-quote.ts';
import classes from './printed-lines.module.css';

/** The lines by group. A browser prints a table's head again on each page. */
export function PrintedLines({ quote }: { readonly quote: PrintedQuote }) {
  const { groups, currency, hasLineDiscounts } = quote;
  const unit = currency === '' ? '' : ` ${currency}`;
  return (
    <table className={classes['lines']}>
      <thead>
        <tr>
          <th scope="col" className={classes['number']}>
            No.
          </th>
          <th scope="col">Item</th>
          <th scope="col" className={classes['right']}>
            Quantity
          </th>
          <th scope="col" className={classes['right']}>
            Unit price{unit}
          </th>
          {hasLineDiscounts && (
            <th scope="col" className={classes['right']}>
              Discount
            </th>
          )}
          <th scope="col" className={classes['right']}>
            Amount{unit}
          </th>
        </tr>
      </thead>
      {groups.map((group) => (
        <Group key={group.key} group={group} hasLineDiscounts={hasLineDiscounts} />
      ))}
    </table>
  );
}

function Group({
  group,
  hasLineDiscounts,
}: {
  readonly group: PrintedGroup;
  readonly hasLineDiscounts: boolean;
}) {
  const span = hasLineDiscounts ? 5 : 4;
  return (
    <tbody>
      {group.subtotal !== null && (
        <tr className={classes['group']}>
          <th scope="rowgroup" colSpan={span}>
            {group.name === '' ? 'Other' : group.name}
          </th>
          <td className={classes['right']}>{formatAmount(group.subtotal)}</td>
        </tr>
      )}
      {group.lines.map((line) => (
        <Line key={line.id} line={line} hasLineDiscounts={hasLineDiscounts} />
      ))}
    </tbody>
  );
}

const Line = ({
  line,
  hasLineDiscounts,
}: {
  readonly line: PrintedLine;
  readonly hasLineDiscounts: boolean;
}) => (
  <tr className={line.isOptional ? classes['optional'] : undefined}>
    <td className={classes['number']}>{line.number}</td>
    <td>
      <span className={classes['name']}>{line.name === '' ? line.sku : line.name}</span>
      {line.isOptional && <span className={classes['tag']}>Optional</span>}
      {line.name !== '' && line.sku !== '' && <span className={classes['sku']}>{line.sku}</span>}
      {line.description !== '' && <span className={classes['description']}>{line.description}</span>}
      {line.discountLabels.map((label, at) => (
        <Fragment key={at}>
          <span className={classes['description']}>{label} taken off</span>
        </Fragment>
      ))}
    </td>
    <td className={classes['right']}>
      {formatAmount(line.quantity)}
      {line.unit !== '' && ` ${line.unit}`}
    </td>
    <td className={classes['right']}>{formatAmount(line.unitPrice)}</td>
    {hasLineDiscounts && (
      <td className={classes['right']}>
        {line.discountPercent === '0' ? '' : `${formatAmount(line.discountPercent)} %`}
      </td>
    )}
    <td className={classes['right']}>{formatAmount(line.net)}</td>
  </tr>
);
