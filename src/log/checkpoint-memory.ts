import { deflateSync, inflateSync } from 'node:zlib';
import type { GateMemory } from '../authority/gate.ts';
import type { StructMemory } from '../authority/struct-index.ts';

/**
 * What a gate remembers, as the bytes of a checkpoint: deflated JSON. Its struct ranges grow with the log, one for nearly
 * every entry, while everything else grows with the document. They are written as differences to the range before,
 * small numbers that repeat: a hundredth to a third of the bytes, and of the time that it takes to deflate them.
 */
export function encodeMemory(memory: GateMemory): Uint8Array {
  const { ledger } = memory;
  const packed: GateMemory = { ...memory, ledger: { ...ledger, structs: ledger.structs.map(toDifferences) } };
  return deflateSync(JSON.stringify(packed), { level: DEFLATE_LEVEL });
}

/** Written by us and covered by the checkpoint's hash: its form is not checked again. */
export function decodeMemory(bytes: Uint8Array): GateMemory {
  const packed = JSON.parse(inflateSync(bytes).toString()) as GateMemory;
  const { ledger } = packed;
  return { ...packed, ledger: { ...ledger, structs: ledger.structs.map(toSums) } };
}

/** Fast: made every few hundred entries, and the differences leave little to find. */
const DEFLATE_LEVEL = 1;

const toDifferences = (ranges: StructMemory): StructMemory => mapLists(ranges, differencesOf);
const toSums = (ranges: StructMemory): StructMemory => mapLists(ranges, sumsOf);

const mapLists = (
  [client, clocks, seqs, ks]: StructMemory,
  map: (numbers: readonly number[]) => number[],
): StructMemory => [client, map(clocks), map(seqs), map(ks)];

function differencesOf(numbers: readonly number[]): number[] {
  const differences: number[] = [];
  let before = 0;
  for (const number of numbers) {
    differences.push(number - before);
    before = number;
  }
  return differences;
}

function sumsOf(differences: readonly number[]): number[] {
  const sums: number[] = [];
  let sum = 0;
  for (const difference of differences) sums.push((sum += difference));
  return sums;
}
