/** What is counted of the mirror, for whoever runs it. */
export interface SlackMetrics {
  /** A message was tried: `card`, `thread`, `direct`, `private`; `update` and `status` are not of the outbox. */
  sent(what: string, result: 'ok' | 'limited' | 'uncertain' | 'refused'): void;
  /** One that will never be sent. */
  buried(what: string): void;
  /** A card that was not sent, since it shows the same. */
  unchanged(): void;
  /** Something came in. `result`: `new`, `known`, `failed`. */
  received(kind: string, result: string): void;
}
