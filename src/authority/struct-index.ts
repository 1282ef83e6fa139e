/**
 * For each Yjs client, which entry brought which clocks, and what their author had seen then. Authorship and
 * age are looked up here by (client, clock), never read from Yjs's items, which merge.
 *
 * Ranges of one client are kept in three flat arrays in order of their first clock: there is one range for
 * nearly every entry of a quote, and all of them stay.
 */
export interface StructIndex {
  /** Notes the next clocks of a client. They start where the ones before end. */
  add(client: number, range: StructRange): void;
  /** What is known of one clock, or null. */
  find(client: number, clock: number): Omit<StructRange, 'clock'> | null;
  /** The newest revision that the author of this client's structs is known to have seen. */
  seenBy(client: number): number;
  clients(): Iterable<number>;
  remember(): StructMemory[];
}

export interface StructRange {
  readonly clock: number;
  /** The entry that brought it to everyone. */
  readonly seq: number;
  /** The newest revision that its author had seen. Asked for only where that author goes on from it; the server's are 0. */
  readonly k: number;
}

export type StructMemory = readonly [client: number, clocks: number[], seqs: number[], ks: number[]];

interface Ranges {
  kMax: number;
  readonly clocks: number[];
  readonly seqs: number[];
  readonly ks: number[];
}

export function createStructIndex(memory: readonly StructMemory[] = []): StructIndex {
  const rangesOf = new Map<number, Ranges>(
    memory.map(([client, clocks, seqs, ks]) => [client, { clocks, seqs, ks, kMax: maxOf(ks) }]),
  );

  return {
    add(client, { clock, seq, k }) {
      let ranges = rangesOf.get(client);
      if (ranges === undefined) {
        ranges = { clocks: [], seqs: [], ks: [], kMax: 0 };
        rangesOf.set(client, ranges);
      }
      ranges.kMax = Math.max(ranges.kMax, k);
      if (ranges.seqs.at(-1) === seq && ranges.ks.at(-1) === k) return;
      ranges.clocks.push(clock);
      ranges.seqs.push(seq);
      ranges.ks.push(k);
    },
    find(client, clock) {
      const ranges = rangesOf.get(client);
      if (ranges === undefined) return null;
      const index = lastAtMost(ranges.clocks, clock);
      const seq = ranges.seqs[index];
      const k = ranges.ks[index];
      return seq === undefined || k === undefined ? null : { seq, k };
    },
    seenBy: (client) => rangesOf.get(client)?.kMax ?? 0,
    clients: () => rangesOf.keys(),
    remember: () =>
      [...rangesOf].map(([client, { clocks, seqs, ks }]) => [client, [...clocks], [...seqs], [...ks]]),
  };
}

const maxOf = (numbers: readonly number[]): number =>
  numbers.reduce((most, number) => Math.max(most, number), 0);

/** Index of the last number that is not above `bound` in an ascending list; -1 if all are. */
function lastAtMost(ascending: readonly number[], bound: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Infinity) <= bound) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
