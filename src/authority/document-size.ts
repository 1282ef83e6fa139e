import * as Y from 'yjs';

/**
 * About how large the document is, as one update. Measuring takes as long as sending the whole quote, so what is merged is
 * added up, which only errs upwards, and the document is measured anew when it may have outgrown its limit.
 */
export interface DocumentSize {
  /** Whether so many bytes more would be too many. Measures first, where that might change the answer. */
  measureIfFull(bytes: number, bytesMax: number): boolean;
  /** This many bytes were merged. */
  grew(bytes: number): void;
  remember(): SizeMemory;
}

export interface SizeMemory {
  readonly documentBytes: number;
  readonly unmeasuredBytes: number;
}

/** Measure anew when this share of the limit came in since the last time. */
const MEASURE_SHARE = 0.05;

export function createDocumentSize(doc: Y.Doc, memory?: SizeMemory): DocumentSize {
  let documentBytes = memory?.documentBytes ?? 0;
  let unmeasuredBytes = memory?.unmeasuredBytes ?? 0;
  return {
    measureIfFull(bytes, bytesMax) {
      if (documentBytes + bytes <= bytesMax) return false;
      if (unmeasuredBytes > bytesMax * MEASURE_SHARE) {
        documentBytes = Y.encodeStateAsUpdate(doc).length;
        unmeasuredBytes = 0;
      }
      return documentBytes + bytes > bytesMax;
    },
    grew(bytes) {
      documentBytes += bytes;
      unmeasuredBytes += bytes;
    },
    remember: () => ({ documentBytes, unmeasuredBytes }),
  };
}
