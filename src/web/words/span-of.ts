import { countOf } from './count-of.ts';

/** How long, at least a minute: "12 min", "3 h", "2 days". */
export function spanOf(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : countOf(Math.round(hours / 24), 'day');
}
