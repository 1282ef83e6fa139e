/** A text that does not get into logs and messages by accident: printed or made JSON, it says `(hidden)`. */
export interface Secret {
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

export const createSecret = (text: string): Secret => ({
  reveal: () => text,
  toString: () => '(hidden)',
  toJSON: () => '(hidden)',
});
