import type { STATUSES } from './columns.ts';

/** The states of a quote as people know them. */
export const STATUS_TITLES: Readonly<Record<(typeof STATUSES)[number], string>> = {
  draft: 'Draft',
  in_review: 'In review',
  approved: 'Approved',
  sent: 'Sent',
  accepted: 'Accepted',
  declined: 'Declined',
  expired: 'Expired',
};

export const statusTitle = (status: unknown): string =>
  typeof status === 'string' && status in STATUS_TITLES
    ? STATUS_TITLES[status as keyof typeof STATUS_TITLES]
    : STATUS_TITLES.draft;
