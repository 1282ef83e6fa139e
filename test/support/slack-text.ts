/**
 * What a person reads of Slack blocks, one line a paragraph: "• " before what is in a list, `[Edit]` for a button, times as their
 * fallback says them. Takes blocks of a message or a modal, ours or as a server gives them back.
 */
export const textOfBlocks = (blocks: readonly unknown[]): string => blocks.flatMap(linesOf).join('\n');

type Node = Readonly<Record<string, unknown>>;

function linesOf(block: unknown): string[] {
  const node = nodeOf(block);
  switch (node['type']) {
    case 'divider':
      return ['---'];
    case 'actions':
      return [listOf(node['elements']).map(controlOf).join(' ')];
    case 'context':
      return [listOf(node['elements']).map(textOf).join(' ')];
    case 'input':
      return [
        [textOf(node['label']), controlOf(node['element']), textOf(node['hint'])].filter(Boolean).join(' '),
      ];
    case 'rich_text':
      return listOf(node['elements']).flatMap(richLinesOf);
    default: {
      const fields = listOf(node['fields']).map(textOf);
      const lines = [textOf(node['text']), ...fields, controlOf(node['accessory'])].filter(Boolean);
      return lines.length === 0 ? [`(${String(node['type'])})`] : lines;
    }
  }
}

function richLinesOf(element: unknown): string[] {
  const node = nodeOf(element);
  const elements = listOf(node['elements']);
  return node['type'] === 'rich_text_list'
    ? elements.map((item) => `• ${runsOf(item)}`)
    : [elements.map(runOf).join('')];
}

const runsOf = (section: unknown): string => listOf(nodeOf(section)['elements']).map(runOf).join('');

function runOf(element: unknown): string {
  const { type, text, fallback } = nodeOf(element);
  if (typeof text === 'string') return text;
  return typeof fallback === 'string' ? fallback : `(${String(type)})`;
}

function controlOf(element: unknown): string {
  if (element === undefined) return '';
  const node = nodeOf(element);
  const first = node['initial_option'] ?? node['initial_value'] ?? node['text'] ?? node['placeholder'];
  const options = listOf(node['options']).map((option) => textOf(nodeOf(option)['text']));
  const shown = typeof first === 'string' ? first : textOf(nodeOf(first)['text'] ?? first);
  return `[${[shown, ...options].filter(Boolean).join(' | ')}]`;
}

/** Of a text object, or of nothing. */
function textOf(object: unknown): string {
  if (typeof object === 'string') return object;
  const { text } = nodeOf(object);
  return typeof text === 'string' ? text : '';
}

const nodeOf = (value: unknown): Node => (typeof value === 'object' && value !== null ? (value as Node) : {});

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
