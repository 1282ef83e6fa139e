/**
 * The world failed us: disk, database, network. Thrown, and handled by the loop that owns the work, which
 * retries within a bound when `retryable`, or stops.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: string;
  readonly retryable: boolean;

  constructor(fault: { code: string; message: string; retryable: boolean; cause?: unknown }) {
    super(fault.message, { cause: fault.cause });
    this.code = fault.code;
    this.retryable = fault.retryable;
  }
}
