import { Decimal } from 'decimal.js';
import type { CellValue } from './cell.ts';
import { DECIMAL_PATTERN } from './columns.ts';
import { minorUnitsOf } from './currency.ts';

/**
 * Exact decimals, and money as whole minor units (`bigint`).
 *
 * Nothing here divides, so every result is exact: the precision is decimal.js' highest, and costs only
 * the digits that a value has. The one place where something is rounded is `toUnits`.
 */
export const Exact = Decimal.clone({ defaults: true, precision: 1e9 });
export type Exact = Decimal;

export const ZERO: Exact = new Exact(0);
export const ONE: Exact = new Exact(1);
const ONE_PERCENT = new Exact('0.01');

/** A cell's number; null where there is none, whatever else there is. */
export function readDecimal(value: CellValue | undefined): Exact | null {
  return typeof value === 'string' && DECIMAL_PATTERN.test(value) ? new Exact(value) : null;
}

/** `percent` of an amount. */
export const shareOf = (amount: Exact, percent: Exact): Exact => amount.times(percent).times(ONE_PERCENT);

export type Rounding = 'half_up' | 'half_even';

export interface Money {
  /** Rounds to the currency's minor units; halves away from zero, or to the even neighbour. */
  toUnits(amount: Exact): bigint;
  toAmount(units: bigint): Exact;
  /** With exactly the currency's decimals: `1234.50`. */
  format(units: bigint): string;
  /** A price for one unit, which may be finer than the currency: at least its decimals, more where there are more. */
  formatPrice(price: Exact): string;
}

export function createMoney(currency: string, rounding: Rounding): Money {
  const decimals = minorUnitsOf(currency);
  const mode = rounding === 'half_even' ? Exact.ROUND_HALF_EVEN : Exact.ROUND_HALF_UP;
  const unitsInOne = new Exact(`1e${decimals}`);
  const one = new Exact(`1e-${decimals}`);
  const toAmount = (units: bigint): Exact => new Exact(units.toString()).times(one);
  return {
    toUnits: (amount) => BigInt(amount.times(unitsInOne).toFixed(0, mode)),
    toAmount,
    format: (units) => formatUnits(units, decimals),
    formatPrice: (price) => withoutMinusZero(price).toFixed(Math.max(decimals, price.decimalPlaces())),
  };
}

function formatUnits(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  const amount = decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return units < 0n ? `-${amount}` : amount;
}

/** As short as it goes: `2`, `0.5`. */
export const formatDecimal = (value: Exact): string => withoutMinusZero(value).toFixed();

const withoutMinusZero = (value: Exact): Exact => (value.isZero() ? ZERO : value);
