import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/lib/limits.ts';
import { type CsvImportOptions, importCsv } from '../../src/quote/import-csv.ts';
import { type Imported, describeProblem } from '../../src/quote/import-result.ts';

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

function imported(text: string, options?: CsvImportOptions): Imported {
  const result = importCsv(text, options);
  if (!result.ok) throw new Error(result.reason.map(describeProblem).join('\n'));
  return result.value;
}

const cellsOf = (text: string, options?: CsvImportOptions): unknown[] =>
  imported(text, options).quote.lineItems.map(({ cells }) => cells);

function problemsOf(text: string, options?: CsvImportOptions): string[] {
  const result = importCsv(text, options);
  return result.ok ? [] : result.reason.map(describeProblem);
}

describe('files of other systems', () => {
  it('Salesforce: quote line items', () => {
    expect(imported(fixture('salesforce-quote-line-items.csv'))).toEqual({
      quote: {
        fields: { currency: 'EUR' },
        lineItems: [
          {
            cells: {
              sku: 'GC1040',
              name: 'GenWatt Diesel 200kW',
              description: 'Delivered and installed,\nincluding first service',
              quantity: '2',
              unitPrice: '24500',
              discountPercent: '10',
            },
          },
          {
            cells: {
              sku: 'SL9060',
              name: 'Installation: Industrial - High',
              quantity: '1',
              unitPrice: '85000',
            },
          },
          {
            cells: {
              sku: 'SL9080',
              name: 'Cable 12" shielded',
              quantity: '1200',
              unitPrice: '0.85',
              discountPercent: '0',
            },
          },
        ],
        discounts: [],
        notes: [],
      },
      ignoredColumns: ['Line Item Number', 'List Price', 'Subtotal', 'Total Price'],
      decimal: '.',
    });
  });

  it('HubSpot: line items', () => {
    expect(imported(fixture('hubspot-line-items.csv'))).toEqual({
      quote: {
        fields: { currency: 'USD' },
        lineItems: [
          {
            cells: {
              name: 'Platform Enterprise',
              sku: 'PLT-ENT',
              description: 'Per seat, billed yearly',
              quantity: '250',
              unitPrice: '49.9',
              discountPercent: '12.5',
              x_billing_frequency: 'Annually',
              x_term_months: '12',
            },
          },
          { cells: { name: 'Onboarding', sku: 'ONB-1', quantity: '1', unitPrice: '4500' } },
        ],
        discounts: [],
        notes: [],
      },
      ignoredColumns: ['Record ID', 'Net price', 'Unit cost', 'Margin', 'Create date'],
      decimal: '.',
    });
  });

  it('a spreadsheet with semicolons, decimal commas and a byte order mark', () => {
    expect(imported(fixture('spreadsheet-de.csv'))).toEqual({
      quote: {
        fields: {},
        lineItems: [
          {
            cells: {
              sku: 'A-1',
              name: 'Förderband',
              quantity: '2',
              unit: 'Stück',
              unitPrice: '1234.5',
              discountPercent: '5',
              group: 'Anlage',
              x_lieferzeit_tage: '30',
            },
          },
          {
            cells: {
              sku: 'A-2',
              name: 'Ersatzrolle',
              quantity: '1200',
              unit: 'Stück',
              unitPrice: '8.75',
              group: 'Anlage',
              optional: true,
              x_lieferzeit_tage: '10',
            },
          },
          { cells: { sku: 'A-3', name: 'Gutschrift', quantity: '-1', unitPrice: '99.9' } },
        ],
        discounts: [],
        notes: [],
      },
      ignoredColumns: [],
      decimal: ',',
    });
  });
});

describe('headers', () => {
  it.each([
    ['Product Code', 'sku'],
    ['SKU', 'sku'],
    [' product sku ', 'sku'],
    ['Product Name', 'name'],
    ['Product', 'name'],
    ['Line Description', 'description'],
    ['DESCRIPTION', 'description'],
    ['Qty', 'quantity'],
    ['Sales Price', 'unitPrice'],
    ['Unit price', 'unitPrice'],
    ['List Price', 'unitPrice'],
    ['Discount', 'discountPercent'],
    ['Discount %', 'discountPercent'],
    ['Discount Percent', 'discountPercent'],
    ['Discount (Percentage)', 'discountPercent'],
    ['Unit discount %', 'discountPercent'],
    ['discountPercent', 'discountPercent'],
    ['Artikelnummer', 'sku'],
    ['Bezeichnung', 'name'],
    ['Produktname', 'name'],
    ['Menge', 'quantity'],
    ['Einzelpreis', 'unitPrice'],
    ['Listenpreis', 'unitPrice'],
    ['Preis', 'unitPrice'],
    ['Rabatt', 'discountPercent'],
    ['Rabatt %', 'discountPercent'],
    ['Section', 'group'],
    ['Unit of measure', 'unit'],
    ['x_Region', 'x_Region'],
    ['Größe (m²)', 'x_gro_e_m2'],
    ['納期', 'x_column_2'],
  ])('%j is %s', (header, column) => {
    const beside = column === 'name' ? 'hs_sku' : 'Item';
    const [line] = cellsOf(`${beside},${header}\nBolt,7`);
    expect(line).toEqual({ [column === 'name' ? 'sku' : 'name']: 'Bolt', [column]: '7' });
  });

  it('takes the sales price over the list price, wherever it stands', () => {
    expect(imported('Name,List Price,Sales Price\nBolt,10,8')).toMatchObject({
      quote: { lineItems: [{ cells: { name: 'Bolt', unitPrice: '8' } }] },
      ignoredColumns: ['List Price'],
    });
  });

  it('leaves out what German files have of totals and costs', () => {
    const text =
      'Bezeichnung;Menge;Listenpreis;Einzelpreis;Gesamtpreis;Einkaufspreis;Marge\nRolle;2;9;8,50;17;4;50';
    expect(imported(text)).toMatchObject({
      quote: { lineItems: [{ cells: { name: 'Rolle', quantity: '2', unitPrice: '8.5' } }] },
      ignoredColumns: ['Listenpreis', 'Gesamtpreis', 'Einkaufspreis', 'Marge'],
    });
  });

  it('tells free columns of the same name apart', () => {
    expect(cellsOf('Name,Lead-time,Lead time,x_lead_time\nBolt,1,2,3')).toEqual([
      { name: 'Bolt', x_lead_time_2: '1', x_lead_time_3: '2', x_lead_time: '3' },
    ]);
  });

  it('leaves out totals, costs and ids of the other system, and says so', () => {
    const text =
      'Name,Total,Unit Cost,Margin %,Product2Id,Last Modified Date,,\nBolt,10,4,60,01t5,today,,odd';
    expect(imported(text)).toMatchObject({
      quote: { lineItems: [{ cells: { name: 'Bolt' } }] },
      ignoredColumns: ['Total', 'Unit Cost', 'Margin %', 'Product2Id', 'Last Modified Date', 'column 8'],
    });
  });

  it.each([
    [
      'Artikel,Preis\nBolt,5',
      'line 1: no column has the name or the SKU of a product, like "Product Name" or "SKU"; the header has "Artikel", "Preis"',
    ],
    ['Name,Qty,Qty\nBolt,1,2', 'line 1, Qty: the header has this column several times'],
    ['Name,Qty\n', 'the file has a header but no lines under it'],
    ['', 'the file is empty'],
  ])('%j: %s', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});

describe('delimiters, quotes and lines', () => {
  it.each([',', ';', '\t'])('are told from the header: %j', (sign) => {
    const text = ['"Name"|Line Description|Qty', '"A|B"|"one, two; three"|2']
      .join('\n')
      .replaceAll('|', sign);
    expect(cellsOf(text)).toEqual([{ name: `A${sign}B`, description: 'one, two; three', quantity: '2' }]);
  });

  it.each(['\n', '\r\n', '\r'])('breaks lines with %j, and counts those in quotes', (end) => {
    const text = ['Name,Qty', '"two', 'lines",1', '', 'Bolt,x', '"a', 'b', 'c",y'].join(end);
    expect(problemsOf(text)).toEqual([
      'line 5, Qty: "x" is not a number',
      'line 6, Qty: "y" is not a number',
    ]);
    expect(cellsOf(text.replaceAll(/,[xy]/g, ',3'))[0]).toEqual({ name: 'two\nlines', quantity: '1' });
  });

  it('doubled quotes are one, and spaces around fields do not count', () => {
    expect(cellsOf('Name , "Qty"\n "Tube 2"" x 3""" , 4 ')).toEqual([
      { name: 'Tube 2" x 3"', quantity: '4' },
    ]);
  });

  it('takes one column, and a line of empty fields for none', () => {
    expect(cellsOf('SKU\nA\n\n""\nB')).toEqual([{ sku: 'A' }, { sku: 'B' }]);
  });

  it.each([
    [
      'Name,Qty\nBolt,1\nNut\nTube,1,2\nWire,1,',
      ['line 3 has 1 field; the header has 2', 'line 4 has 3 fields; the header has 2'],
    ],
    ['Name,Qty\n,5', ['line 2 has neither a name nor a SKU; take the line out if it is a total']],
    [
      'Name,Qty\nBolt,1\n5" pipe,2',
      [
        'line 3: a quote in the middle of a field; a field with a quote in it is put in quotes, and each quote in it doubled: "12"" pipe"',
      ],
    ],
    [
      'Name,Qty\nBolt,1\n"pipe,2\nNut,3',
      [
        'line 3: a quote is opened here, or shortly after, and never closed; a field with a quote in it is put in quotes, and each quote in it doubled: "12"" pipe"',
      ],
    ],
    [
      'Name,Qty\nBolt,1\nNu\u{fffd},2',
      ['line 3: the file is not UTF-8 here; save it again as UTF-8 (in Excel: "CSV UTF-8")'],
    ],
  ])('%j has problems at their lines', (text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});

describe('numbers', () => {
  const file = (...prices: string[]): string =>
    ['Name;Price', ...prices.map((price, index) => `P${index};${price}`)].join('\n');
  const pricesOf = (text: string, options?: CsvImportOptions): unknown[] =>
    imported(text, options).quote.lineItems.map(({ cells }) => cells['unitPrice']);

  it.each<[string[], string[], string]>([
    [['1,234.50', '1,234'], ['1234.5', '1234'], '.'],
    [['1,234', '12.5'], ['1234', '12.5'], '.'],
    [['1.234', '12,5'], ['1234', '12.5'], ','],
    [['1 234,50', '1.234'], ['1234.5', '1234'], ','],
    [['1.234', '0.5'], ['1.234', '0.5'], '.'],
    [['12', '1 200'], ['12', '1200'], '.'],
    [['$1,250.00', 'USD 5.00'], ['1250', '5'], '.'],
  ])('%j are %j', (written, prices, decimal) => {
    expect([pricesOf(file(...written)), imported(file(...written)).decimal]).toEqual([prices, decimal]);
  });

  it('asks for the decimal sign where nothing tells it, and takes it', () => {
    const text = file('5', '1,234', '2,345');
    expect(problemsOf(text)).toEqual([
      'line 3, Price: "1,234" may be 1234 or 1.234, and nothing in the file tells which; say which sign is the decimal one: --decimal . or --decimal ,',
    ]);
    expect(pricesOf(text, { decimal: '.' })).toEqual(['5', '1234', '2345']);
    expect(pricesOf(text, { decimal: ',' })).toEqual(['5', '1.234', '2.345']);
  });

  it('refuses a file that contradicts itself, or what was said', () => {
    const text = file('12.5', '1,234', '7,50');
    expect(problemsOf(text)).toEqual([
      'line 4, Price: "7,50" and "12.5" (line 2) have different decimal signs; write all numbers of the file in one way',
    ]);
    expect(problemsOf(text, { decimal: ',' })).toEqual([
      'line 2, Price: takes a number with the decimal sign ",", not "12.5"',
    ]);
  });

  it.each([
    ['Name,Qty\nA,two', 'line 2, Qty: "two" is not a number'],
    ['Name,Qty\nA,5%', 'line 2, Qty: takes no percentage, but has "5%"'],
    ['Name,Discount\nA,$5', 'line 2, Discount: takes no amount of money, but has "$5"'],
    ['Name,Discount\nA,120%', 'line 2, Discount: takes a percentage from 0 to 100, not "120%"'],
    ['Name,Discount\nA,-5', 'line 2, Discount: takes a decimal not below zero, not "-5"'],
    [
      'Name,Price\nA,0.12345678',
      'line 2, Price: takes a decimal like "12.5", with at most 12 digits before and 6 after the point, not "0.12345678"',
    ],
    [
      'Name,Unit discount\nA,0.00\nB,5.00',
      'line 3, Unit discount: "5.00" is money off, and a line takes a discount in percent only',
    ],
    ['Name,Optional\nA,perhaps', 'line 2, Optional: takes yes or no, not "perhaps"'],
    [
      'Name,Currency\nA,EUR\nB,USD',
      'line 3, Currency: is in USD, lines before it in EUR; a quote has one currency',
    ],
    ['Name,Currency\nA,Euro', 'line 2, Currency: takes a currency code of ISO 4217, like EUR, not "Euro"'],
    ['Name,Price\nA,€5\nB,$5', 'line 3, Price: is in $, lines before it in €; a quote has one currency'],
  ])('%j: %s', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('reads every way to say yes and no', () => {
    expect(cellsOf('Name,Optional\nA,Yes\nB,x\nC,TRUE\nD,no\nE,0\nF,')).toEqual([
      { name: 'A', optional: true },
      { name: 'B', optional: true },
      { name: 'C', optional: true },
      { name: 'D', optional: null },
      { name: 'E', optional: null },
      { name: 'F' },
    ]);
  });
});

describe('bounds and permissions', () => {
  it('refuses more lines than a quote takes, naming the first too many', () => {
    const limits = { ...defaultLimits, lineItems: 2 };
    expect(problemsOf('Name\nA\n\nB\nC\nD', { limits })).toEqual([
      'line 5: the file has 4 lines; a quote takes at most 2',
    ]);
  });

  it('refuses a field that is too long for a cell', () => {
    const limits = { ...defaultLimits, cellBytes: 10 };
    const [problem] = problemsOf(`Name\n${'x'.repeat(100)}`, { limits });
    expect(problem).toBe(`line 2, Name: takes at most 10 bytes, not "${'x'.repeat(40)}..."`);
  });

  it('tells the first fifty problems, and how many there are', () => {
    const problems = problemsOf(['Name,Qty', ...Array.from({ length: 70 }, () => 'A,x')].join('\n'));
    expect([problems.length, problems[49], problems[50]]).toEqual([
      51,
      'line 51, Qty: "x" is not a number',
      'and 20 more',
    ]);
  });

  it('reports what the importer may not set at its line, beside other problems', () => {
    const problems = problemsOf('Name,Rabatt,Discount\nA,,5\nB,,25\nC,,x', {
      mayWrite: (cell, value) =>
        cell.endsWith('/discountPercent') && Number(value) > 10 ? 'at most 10 for sales_rep' : null,
    });
    expect(problems).toEqual([
      'line 3, Discount: at most 10 for sales_rep',
      'line 4, Discount: "x" is not a number',
    ]);
  });

  it('shows the check every cell that would be written', () => {
    const seen: string[] = [];
    importCsv('Name,Qty,Currency\nA,2,EUR', {
      mayWrite(cell, value, cells) {
        seen.push(`${cell.replace(/\/.*\//, '/*/')} ${String(value)} of ${cells.size}`);
        return null;
      },
    });
    expect(seen).toEqual([
      'fields/currency EUR of 4',
      'lineItems/*/name A of 4',
      'lineItems/*/quantity 2 of 4',
      'lineItems/*/position a0 of 4',
    ]);
  });

  it('never throws, whatever the file holds', () => {
    const unit = fc.constantFrom(
      'Name',
      'Qty',
      'Price',
      'Discount',
      ',',
      ';',
      '\t',
      '"',
      '\n',
      '\r\n',
      '1',
      '.',
      ' ',
      '%',
      'é',
      '\u{feff}',
    );
    fc.assert(fc.property(fc.string({ unit, maxLength: 60 }), (text) => void importCsv(`Name,Qty\n${text}`)));
    fc.assert(fc.property(fc.string({ unit, maxLength: 60 }), (text) => void importCsv(text)));
  });
});
