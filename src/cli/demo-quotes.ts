import type { Role } from '../authority/role.ts';
import { assert } from '../lib/assert.ts';
import { isQuoteId, isUserId, type QuoteId, type UserId } from '../lib/ids.ts';
import { defaultLimits } from '../lib/limits.ts';
import { parseNewQuote } from '../quote/new-quote-body.ts';
import type { Directory } from '../session/directory.ts';
import type { Rooms } from '../room/rooms.ts';
import { createQuote } from './create-quote.ts';

/** Who can sign in to the demo: one person of each role, and a second sales rep, so that two of one role can meet. */
export interface DemoPerson {
  readonly user: UserId;
  readonly name: string;
  readonly role: Role;
}

const person = (user: string, name: string, role: Role): DemoPerson => {
  assert(isUserId(user), 'a person of the demo has the id of a user');
  return { user, name, role };
};

const RITA = person('rita', 'Rita Reyes', 'sales_rep');
const MAX = person('max', 'Max Meier', 'sales_manager');
const VERA = person('vera', 'Vera Voss', 'vp_sales');
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  RITA,
  person('ben', 'Ben Brandt', 'sales_rep'),
  MAX,
  VERA,
  person('dana', 'Dana Diaz', 'deal_desk'),
  person('ada', 'Ada Abara', 'admin'),
];

/** The quote and the cell that the demo begins with. */
export const FIRST_DEMO_CELL = {
  quote: 'q-acme-2026',
  cell: 'lineItems/bearings/quantity',
  value: '500',
} as const;

interface DemoBody {
  readonly id: string;
  readonly [part: string]: unknown;
}

/**
 * Quotes to try things on, in the form of `POST /api/quotes`: three currencies, with what makes rounding and discounts
 * interesting.
 */
const DEMO_QUOTES: readonly { readonly by: DemoPerson; readonly body: DemoBody }[] = [
  {
    by: RITA,
    body: {
      id: 'q-acme-2026',
      fields: {
        title: 'Conveyor line 4, plant Linz',
        customer: 'ACME Fördertechnik GmbH',
        contact: 'Jana Hofer, Purchasing',
        owner: 'Rita Reyes',
        currency: 'EUR',
        validUntil: '2026-12-31',
        paymentTerms: '30 days net',
        status: 'draft',
      },
      lineItems: [
        {
          id: 'rollers',
          sku: 'RL-080-1200',
          name: 'Roller 80 x 1200 mm, galvanized',
          quantity: '240',
          unit: 'pcs',
          unitPrice: '38.90',
          discountPercent: '7.5',
          group: 'Mechanics',
        },
        {
          id: 'bearings',
          sku: 'BE-6204-2RS',
          name: 'Deep groove ball bearing 6204-2RS',
          quantity: '480',
          unit: 'pcs',
          unitPrice: '2.335',
          group: 'Mechanics',
        },
        {
          id: 'belt',
          sku: 'BT-PU-0800',
          name: 'PU belt 800 mm',
          quantity: '62.5',
          unit: 'm',
          unitPrice: '41.333',
          group: 'Mechanics',
        },
        {
          id: 'drives',
          sku: 'GM-075-24',
          name: 'Gear motor 0.75 kW, 24 rpm',
          quantity: '6',
          unit: 'pcs',
          unitPrice: '812.00',
          discountPercent: '10',
          group: 'Drives',
        },
        {
          id: 'install',
          sku: 'SV-INST',
          name: 'Installation and commissioning',
          quantity: '9',
          unit: 'days',
          unitPrice: '980.00',
          group: 'Services',
        },
        {
          id: 'spares',
          sku: 'SP-KIT-2Y',
          name: 'Spare parts kit, 2 years',
          quantity: '1',
          unit: 'kit',
          unitPrice: '3450.00',
          group: 'Services',
          optional: true,
        },
      ],
      discounts: [
        {
          id: 'framework',
          label: 'Framework agreement 2026',
          kind: 'percent',
          value: '3',
          appliesTo: 'quote',
        },
        { id: 'scrap', label: 'Old rollers taken back', kind: 'amount', value: '250.00', appliesTo: 'quote' },
      ],
      notes: [
        {
          id: 'delivery',
          author: 'Rita Reyes',
          audience: 'customer',
          text: 'Delivery in calendar week 38, free at site Linz, unloading by the customer.',
        },
        {
          id: 'competition',
          author: 'Rita Reyes',
          audience: 'internal',
          text: 'They have a second offer at about 24,000. Max wants to decide on the drives himself.',
        },
      ],
    },
  },
  {
    by: MAX,
    body: {
      id: 'q-kitano-cells',
      fields: {
        title: 'Test cells for line 2',
        customer: '北野精機株式会社 (Kitano Seiki)',
        contact: 'Haruto Kitano',
        owner: 'Max Meier',
        currency: 'JPY',
        validUntil: '2026-11-30',
        paymentTerms: '60 days end of month',
        status: 'in_review',
        rounding: 'half_even',
      },
      lineItems: [
        {
          id: 'cell',
          sku: 'TC-400',
          name: 'Test cell TC-400',
          quantity: '3',
          unit: 'pcs',
          unitPrice: '1485000',
          discountPercent: '12.5',
        },
        {
          id: 'probes',
          sku: 'PR-016',
          name: 'Probe card, 16 channels',
          quantity: '37',
          unit: 'pcs',
          unitPrice: '24850.5',
        },
        {
          id: 'calibration',
          sku: 'SV-CAL',
          name: 'Calibration on site',
          quantity: '2.5',
          unit: 'days',
          unitPrice: '165001',
        },
        {
          id: 'license',
          sku: 'SW-TC-1Y',
          name: 'Control software, one year',
          quantity: '3',
          unit: 'seats',
          unitPrice: '89800',
        },
      ],
      discounts: [
        { id: 'launch', label: 'First order on line 2', kind: 'percent', value: '5', appliesTo: 'license' },
      ],
      notes: [
        {
          id: 'customs',
          author: 'Max Meier',
          audience: 'customer',
          text: 'Prices are without consumption tax and customs.',
        },
      ],
    },
  },
  {
    by: VERA,
    body: {
      id: 'q-gulf-desalination',
      fields: {
        title: 'Membrane replacement, train B',
        customer: 'Gulf Desalination Co.',
        contact: 'Noura Al-Sabah',
        owner: 'Vera Voss',
        currency: 'KWD',
        validUntil: '2027-01-31',
        paymentTerms: '40 % with the order, 60 % on delivery',
        status: 'draft',
      },
      lineItems: [
        {
          id: 'membranes',
          sku: 'RO-8040-SW',
          name: 'Seawater RO membrane 8040',
          quantity: '336',
          unit: 'pcs',
          unitPrice: '148.275',
          discountPercent: '22',
        },
        {
          id: 'vessels',
          sku: 'PV-7M',
          name: 'Pressure vessel, 7 elements',
          quantity: '12',
          unit: 'pcs',
          unitPrice: '905.5',
        },
        {
          id: 'antiscalant',
          sku: 'CH-AS-25',
          name: 'Antiscalant, 25 kg',
          quantity: '40',
          unit: 'drums',
          unitPrice: '31.3335',
        },
        {
          id: 'supervision',
          sku: 'SV-SUP',
          name: 'Supervision during replacement',
          quantity: '14',
          unit: 'days',
          unitPrice: '185',
        },
      ],
      discounts: [
        { id: 'volume', label: 'Volume, trains A and B', kind: 'percent', value: '4', appliesTo: 'quote' },
      ],
      notes: [
        {
          id: 'warranty',
          author: 'Vera Voss',
          audience: 'internal',
          text: 'Five years on the membranes only if the antiscalant is ours.',
        },
      ],
    },
  },
];

/** Puts the demo quotes into a server that has none, and their authors among the people it knows. Gives their ids. */
export async function createDemoQuotes({
  rooms,
  directory,
}: {
  readonly rooms: Rooms;
  readonly directory: Pick<Directory, 'see'>;
}): Promise<readonly QuoteId[]> {
  for (const known of DEMO_PEOPLE) {
    // A token is always newer, so the first sign-in counts.
    await directory.see({ ...known, email: null, tokenIssuedAt: 0, seenAt: 0 });
  }
  const created: QuoteId[] = [];
  for (const { by, body } of DEMO_QUOTES) {
    const quote = parseNewQuote(body, defaultLimits);
    assert(quote.ok && isQuoteId(body.id), 'a quote of the demo is a good one');
    await createQuote(rooms, body.id, quote.value, by);
    created.push(body.id);
  }
  return created;
}
