import { type Logger, pino } from 'pino';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';

/**
 * What the server notes for those who run it: one line of JSON an event, on standard error. Never tokens, never what
 * stands in a quote; of errors their code and message, and the stack only of mistakes in the program.
 */
export interface ServerLog {
  readonly logger: Logger;
  report(error: unknown, quote?: QuoteId): void;
}

export function createServerLog(
  write: (line: string) => void,
  { level }: { readonly level: 'debug' | 'info' | 'warn' },
): ServerLog {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
  return {
    logger,
    report(error, quote) {
      const about = quote === undefined ? {} : { quote };
      if (error instanceof Fault) logger.error({ ...about, code: error.code }, error.message);
      else
        logger.error({ ...about, stack: error instanceof Error ? error.stack : undefined }, describe(error));
    },
  };
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
