import type { Person } from './stage.ts';

/** People and quotes of the pictures: as real ones look, with what is hard to lay out. */
export const rita: Person = { user: 'rita', name: 'Rita Reyes', role: 'sales_rep' };
export const ben: Person = { user: 'ben', name: 'Ben Brandt', role: 'sales_rep' };
export const max: Person = { user: 'max', name: 'Max Meier', role: 'sales_manager' };
export const vera: Person = { user: 'vera', name: 'Vera Voss', role: 'vp_sales' };
export const dana: Person = { user: 'dana', name: 'Dana Diaz', role: 'deal_desk' };
export const ada: Person = { user: 'ada', name: 'Ada Abara', role: 'admin' };
export const crowd: readonly Person[] = Array.from({ length: 12 }, (_, at) => ({
  user: `guest-${at}`,
  name:
    ['Noor Haddad', 'Luis Ortega', 'Mei Tanaka', 'Ivo Novak', 'Sara Lind', 'Tom Baker'][at % 6] ?? 'Guest',
  role: 'sales_rep',
}));

const CUSTOMERS = [
  'ACME Fördertechnik GmbH',
  'Gulf Desalination Co.',
  'Kitano Seiki Co.',
  'Nordwind Energie AG',
];
const STATUSES = ['draft', 'in_review', 'approved', 'sent', 'accepted', 'declined', 'expired'];
const CURRENCIES = ['EUR', 'USD', 'JPY', 'KWD'];
const PARTS = [
  'Roller 80 x 1200 mm, galvanized',
  'Gear motor 0.75 kW',
  'PU belt 800 mm',
  'Light barrier, 24 V',
];

export const conveyor = (id: string): Readonly<Record<string, unknown>> => ({
  id,
  fields: {
    title: 'Conveyor line 4, plant Linz',
    customer: CUSTOMERS[0],
    contact: 'Jana Hofer, Purchasing',
    owner: rita.name,
    currency: 'EUR',
    validUntil: '2026-12-31',
    paymentTerms: '30 days net',
    status: 'draft',
  },
  lineItems: [
    line(
      'rollers',
      'RL-080-1200',
      'Roller 80 x 1200 mm, galvanized',
      '240',
      'pcs',
      '38.90',
      '7.5',
      'Mechanics',
    ),
    line(
      'bearings',
      'BE-6204-2RS',
      'Deep groove ball bearing 6204-2RS',
      '480',
      'pcs',
      '2.335',
      '',
      'Mechanics',
    ),
    line('drives', 'GM-075-24', 'Gear motor 0.75 kW, 24 rpm', '6', 'pcs', '812.00', '10', 'Drives'),
  ],
  discounts: [
    { id: 'framework', label: 'Framework agreement 2026', kind: 'percent', value: '3', appliesTo: 'quote' },
    { id: 'scrap', label: 'Old rollers taken back', kind: 'amount', value: '250.00', appliesTo: 'quote' },
  ],
  notes: [
    {
      id: 'delivery',
      author: rita.name,
      audience: 'customer',
      text: 'Delivery in calendar week 38, free at site Linz, unloading by the customer.',
    },
    {
      id: 'inside',
      author: max.name,
      audience: 'internal',
      text: 'They have a second offer at about 24,000.',
    },
  ],
});

/** A quote of `count` lines in groups of 25. */
export const large = (id: string, count: number): Readonly<Record<string, unknown>> => ({
  id,
  fields: { title: `Spare parts, ${count} lines`, customer: CUSTOMERS[3], currency: 'USD', owner: rita.name },
  lineItems: Array.from({ length: count }, (_, at) =>
    line(
      `l${at}`,
      `SP-${String(at).padStart(4, '0')}`,
      PARTS[at % PARTS.length] ?? '',
      String((at % 40) + 1),
      'pcs',
      `${((at * 37) % 900) + 1}.${at % 10}5`,
      at % 7 === 0 ? '5' : '',
      `Station ${Math.floor(at / 25) + 1}`,
    ),
  ),
});

/** The `at`th of many quotes, each a little different. */
export const another = (at: number): Readonly<Record<string, unknown>> => ({
  id: `q-${at}`,
  fields: {
    title: `${PARTS[at % PARTS.length]}, lot ${at + 1}`,
    customer: CUSTOMERS[at % CUSTOMERS.length],
    currency: CURRENCIES[at % CURRENCIES.length],
    owner: [rita, max, vera][at % 3]?.name,
    status: STATUSES[at % STATUSES.length],
  },
  lineItems: [
    line('l1', `P-${at}`, PARTS[at % PARTS.length] ?? '', '12', 'pcs', String(100 + at * 13), '', ''),
  ],
});

// oxlint-disable-next-line max-params -- the cells of a line, in the order of the grid
function line(
  id: string,
  sku: string,
  name: string,
  quantity: string,
  unit: string,
  unitPrice: string,
  discountPercent: string,
  group: string,
): Readonly<Record<string, string>> {
  const cells = { id, sku, name, quantity, unit, unitPrice, discountPercent, group };
  return Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== ''));
}
