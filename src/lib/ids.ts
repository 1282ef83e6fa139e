/** Names of things, kept apart by the compiler. All are plain strings at run time. */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type QuoteId = Id<'QuoteId'>;
export type UserId = Id<'UserId'>;
/** One key of one of the quote's maps: `lineItems/l1/quantity`, `fields/title`. */
export type CellId = Id<'CellId'>;

export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/** Quote ids, row ids and note ids share one form: 1 to 64 letters, digits, `_` or `-`. */
export const isId = (text: string): boolean => ID_PATTERN.test(text);
export const isQuoteId = (text: string): text is QuoteId => ID_PATTERN.test(text);

/** User ids come from the identity provider (`sub`): 1 to 128 printable characters without control characters. */
export const isUserId = (text: string): text is UserId => /^[^\p{C}\p{Z}]{1,128}$/u.test(text);
