import type { CellId } from '../lib/ids.ts';

/**
 * Patterns of cell names: `fields/status`, `lineItems/*` + `/discountPercent`, `**` for all. `*` stands for one part of the
 * name or a piece of it, `**` for the rest of the name. A list may exclude with `!`: `['**', '!fields/status']`.
 */
export interface CellPattern {
  readonly include: readonly Part[][];
  readonly exclude: readonly Part[][];
}

type Part =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'like'; readonly expression: RegExp }
  | { readonly kind: 'rest' };

export function compilePattern(text: string | readonly string[]): CellPattern {
  const all = typeof text === 'string' ? [text] : text;
  return {
    include: all.filter((one) => !one.startsWith('!')).map(compileParts),
    exclude: all.filter((one) => one.startsWith('!')).map((one) => compileParts(one.slice(1))),
  };
}

const compileParts = (text: string): Part[] => text.split('/').map(compilePart);

function compilePart(text: string): Part {
  if (text === '**') return { kind: 'rest' };
  if (text === '*') return { kind: 'any' };
  if (!text.includes('*')) return { kind: 'name', name: text };
  const pieces = text.split('*').map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return { kind: 'like', expression: new RegExp(`^${pieces.join('.*')}$`, 'u') };
}

export const matches = (pattern: CellPattern, cell: CellId): boolean =>
  matchesNames(pattern, cell.split('/'));

/** {@link matches} for a name already taken apart. */
export function matchesNames(pattern: CellPattern, names: readonly string[]): boolean {
  return (
    pattern.include.some((parts) => matchParts(parts, names)) &&
    !pattern.exclude.some((parts) => matchParts(parts, names))
  );
}

function matchParts(parts: readonly Part[], names: readonly string[]): boolean {
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'rest') return true;
    const name = names[index];
    if (name === undefined || !matchPart(part, name)) return false;
  }
  return parts.length === names.length;
}

function matchPart(part: Part, name: string): boolean {
  if (part.kind === 'name') return part.name === name;
  return part.kind === 'any' || (part.kind === 'like' && part.expression.test(name));
}

/**
 * The one cell that a pattern means when its `*` is the row of `cell`: `discounts/*` + `/kind` beside
 * `discounts/d1/value` is `discounts/d1/kind`. Null where the pattern names no single cell of that row.
 */
export function rowBoundTo(pattern: CellPattern, cell: CellId): CellId | null {
  const parts = pattern.include[0];
  if (parts === undefined) return null;
  const names = cell.split('/');
  const bound: string[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'name') bound.push(part.name);
    else if (part.kind === 'any' && names[index] !== undefined) bound.push(names[index]);
    else return null;
  }
  return bound.join('/') as CellId;
}
