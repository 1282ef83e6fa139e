import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ada, another, ben, conveyor, crowd, dana, large, max, rita, vera } from './quotes.ts';
import { createLine } from './line.ts';
import { type Look, type Person, type Stage, openStage } from './stage.ts';

/** Takes one picture after the other, and names each as it is written. Fails with the name of the one that it could not take. */
const [folder = 'screenshots', ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

interface Shot {
  readonly name: string;
  readonly person: Person;
  readonly path: string;
  readonly look?: Look;
  /** Brings the page into its state. */
  readonly act?: (page: Page, stage: Stage) => Promise<void>;
}

const grid = (page: Page): Promise<void> => page.getByRole('grid').first().waitFor();
const settled = (page: Page): Promise<void> => page.getByText('Saved', { exact: true }).first().waitFor();

const viewing = (page: Page): Promise<void> => page.getByText('View only', { exact: true }).first().waitFor();

async function room(page: Page): Promise<void> {
  await grid(page);
  await settled(page);
}

const conflictLine = createLine();
const offlineLine = createLine();

const SHOTS: readonly Shot[] = [
  { name: 'quotes-empty', person: ada, path: '/quotes' },
  { name: 'room-light', person: rita, path: '/q/q-acme', act: room },
  { name: 'room-dark', person: rita, path: '/q/q-acme', look: { scheme: 'dark' }, act: room },
  { name: 'room-1920', person: max, path: '/q/q-acme', look: { width: 1920, height: 1080 }, act: room },
  { name: 'room-phone', person: rita, path: '/q/q-acme', look: { width: 390, height: 844 } },
  { name: 'room-empty', person: rita, path: '/q/q-empty', act: room },
  { name: 'room-500', person: rita, path: '/q/q-large', act: room },
  {
    name: 'room-500-1920-dark',
    person: rita,
    path: '/q/q-large',
    look: { width: 1920, height: 1080, scheme: 'dark' },
    act: room,
  },
  {
    name: 'room-viewer',
    person: { user: 'ivo', name: 'Ivo Novak', role: 'sales_rep' },
    path: '/q/q-acme',
    act: viewing,
  },
  { name: 'room-crowd', person: vera, path: '/q/q-crowd', look: { width: 1920, height: 1080 }, act: crowded },
  {
    name: 'room-conflict',
    person: rita,
    path: '/q/q-conflict',
    look: { line: conflictLine },
    act: refusedOffline,
  },
  { name: 'room-offline', person: rita, path: '/q/q-offline', look: { line: offlineLine }, act: offline },
  { name: 'room-held', person: max, path: '/q/q-held', act: held },
  { name: 'room-held-dark', person: ben, path: '/q/q-held', look: { scheme: 'dark' }, act: heldLine },
  { name: 'room-held-tab', person: max, path: '/q/q-held', act: heldTab },
  { name: 'room-held-phone', person: max, path: '/q/q-held', look: { width: 390, height: 844 }, act: grid },
  { name: 'end-session', person: rita, path: '/q/q-held', act: ending },
  { name: 'session-ended', person: max, path: '/q/q-held', act: ended },
  { name: 'print', person: rita, path: '/q/q-acme/print' },
  { name: 'not-found', person: rita, path: '/nowhere' },
  { name: 'quote-not-found', person: rita, path: '/q/no-such-quote' },
  { name: 'quotes-light', person: rita, path: '/quotes' },
  { name: 'quotes-dark', person: rita, path: '/quotes', look: { scheme: 'dark' } },
  { name: 'quotes-1920', person: rita, path: '/quotes', look: { width: 1920, height: 1080 } },
  { name: 'quotes-phone', person: rita, path: '/quotes', look: { width: 390, height: 844 } },
];

/** Others in many cells at once. */
async function crowded(page: Page, stage: Stage): Promise<void> {
  await room(page);
  const cells = [
    'rollers/quantity',
    'rollers/quantity',
    'bearings/unitPrice',
    'drives/discountPercent',
    'drives/name',
  ];
  for (const [at, person] of [max, dana, ...crowd].entries()) {
    const client = await stage.join(person, 'q-crowd');
    const cell = `lineItems/${cells[at % cells.length]}`;
    client.presence.set({ cell, editing: at % 3 === 0 ? cell : null });
  }
  await page.waitForTimeout(500);
}

/** A rep changes a discount without a connection, while a VP sets another: the rep's is refused on return. */
async function refusedOffline(page: Page, stage: Stage): Promise<void> {
  await room(page);
  await conflictLine.cut();
  await type(page, '10 %', '8');
  const boss = await stage.join(vera, 'q-conflict');
  boss.setCell('lineItems/drives/discountPercent', '12');
  await boss.whenSaved();
  conflictLine.mend();
  await page.getByRole('gridcell', { name: /12 %/ }).first().waitFor({ timeout: 15_000 });
  await page
    .getByText(/Yours: 8/)
    .first()
    .waitFor();
  await page.getByRole('listitem').filter({ hasText: '8 %' }).first().waitFor();
}

/** Two reps wrote the same cells; the reader may choose. */
async function held(page: Page): Promise<void> {
  await grid(page);
  await page.getByLabel('Payment terms', { exact: true }).focus();
  await page.getByRole('dialog', { name: 'Values for Payment terms' }).waitFor();
}

async function heldLine(page: Page): Promise<void> {
  await room(page);
  await page.getByRole('gridcell', { name: '250' }).first().click();
  await page.getByRole('dialog', { name: /^Values for Quantity/ }).waitFor();
}

async function heldTab(page: Page): Promise<void> {
  await room(page);
  await page.getByRole('tab', { name: /^Conflicts/ }).click();
  await page.getByRole('button', { name: 'Choose…' }).first().click();
  await page.getByRole('button', { name: 'Another value…' }).click();
}

async function ending(page: Page, stage: Stage): Promise<void> {
  await room(page);
  await stage.join(max, 'q-held');
  await page.getByRole('button', { name: /^You:/ }).click();
  await page.getByRole('menuitem', { name: 'End the session for everyone' }).click();
  await page
    .getByRole('dialog')
    .getByText(/page closes for/)
    .waitFor();
}

async function ended(page: Page, stage: Stage): Promise<void> {
  await room(page);
  const host = await stage.join(rita, 'q-held');
  await host.endSession();
  await page.getByRole('heading', { name: 'This session was ended' }).waitFor();
}

async function offline(page: Page): Promise<void> {
  await room(page);
  await offlineLine.cut();
  await type(page, '7.5 %', '5');
  await type(page, '480', '500');
  await page
    .getByText(/kept on this device/)
    .first()
    .waitFor();
}

/** Types a value into the first cell that shows another. */
async function type(page: Page, shown: string, value: string): Promise<void> {
  await page.getByRole('gridcell', { name: shown }).first().click();
  await page.keyboard.type(value);
  await page.keyboard.press('Enter');
}

const stage = await openStage();
try {
  for (const shot of SHOTS.slice(0, 1)) await take(shot);
  for (const id of ['q-acme', 'q-crowd', 'q-conflict', 'q-offline', 'q-held'])
    await stage.create(rita, conveyor(id));
  await stage.permit(rita, 'q-acme', { user: 'ivo', permission: 'viewer' });
  for (const [person, terms, count] of [
    [rita, '30 days net, 2 % discount within 10 days', '250'],
    [ben, '60 days net', '300'],
  ] as const)
    await stage.write(person, 'q-held', [
      { cell: 'fields/paymentTerms', value: terms },
      { cell: 'lineItems/rollers/quantity', value: count },
    ]);
  await stage.create(rita, {
    id: 'q-empty',
    fields: { title: 'A new quote', customer: 'Nordwind Energie AG' },
  });
  await stage.create(rita, large('q-large', 500));
  for (let at = 0; at < 40; at++) await stage.create([max, vera, dana][at % 3] ?? vera, another(at));
  for (const shot of SHOTS.slice(1)) await take(shot);
} finally {
  await stage.close();
}

async function take({ name, person, path, look, act }: Shot): Promise<void> {
  if (only.length > 0 && !only.includes(name)) return;
  const page = await stage.visit(person, path, look);
  try {
    await act?.(page, stage);
    await page.waitForLoadState('networkidle');
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    console.log(file);
  } catch (error) {
    throw new Error(`the picture ${name} could not be taken`, { cause: error });
  } finally {
    await page.context().close();
  }
}
