/** `1 quote`, `2 quotes`; `many` where it is another word. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
