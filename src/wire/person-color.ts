/** Hues that stay readable behind white text; a person has the same one everywhere. */
const COLORS = [
  '#b42318',
  '#b54708',
  '#4d7c0f',
  '#027a48',
  '#0e7090',
  '#175cd3',
  '#5925dc',
  '#9f1ab1',
  '#c11574',
  '#475467',
];

/** The colour of a person, by their id: what the server writes into presence, and pages paint their edits with. */
export function colorOf(user: string): string {
  let sum = 7;
  for (let index = 0; index < user.length; index++) sum = (sum * 19 + user.charCodeAt(index)) >>> 0;
  return COLORS[sum % COLORS.length] ?? '#475467';
}
