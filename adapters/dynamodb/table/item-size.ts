import type { Item } from './table.ts';

/** Bytes of one write request unit. */
export const writeUnit = 1024;

/**
 * How many bytes DynamoDB bills for an item of strings, numbers and binaries: names and values (developer guide,
 * "DynamoDB item sizes and formats"). Numbers are taken at their upper bound.
 */
export function itemSize(item: Item): number {
  let size = 0;
  for (const [name, value] of Object.entries(item)) {
    size += Buffer.byteLength(name);
    if (value.S !== undefined) size += Buffer.byteLength(value.S);
    else if (value.N !== undefined) size += Math.ceil(value.N.length / 2) + 2;
    else if (value.B !== undefined) size += value.B.length;
    else throw new Error(`expected a string, number or binary as attribute ${name}`);
  }
  return size;
}
