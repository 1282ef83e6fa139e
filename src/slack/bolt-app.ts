import { createHash } from 'node:crypto';
import {
  App,
  type Logger,
  type Receiver,
  type ViewResponseAction,
  type ViewClosedAction,
  type ViewSubmitAction,
} from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { unreachable } from '../lib/assert.ts';
import { ACTIONS, LINE_SEARCH, VIEWS, parseActionValue } from './action-ids.ts';
import type { Answering } from './answer-slack.ts';
import { type CardActions, OLDER_CARD } from './card-actions.ts';
import { type Asked, privateAnswer } from './private-answer.ts';
import type { Person } from '../session/directory.ts';
import type { CommandRunner } from './run-command.ts';
import { answerBlock, paragraphs, plain, unescapeText } from './blocks.ts';
import { COMMAND, EVENTS } from './registered.ts';
import { READ_BY_OTHERS, type SlackMirror } from './mirror.ts';
import type { SlackStore } from './slack-store.ts';
import {
  type EventChannel,
  type PressedButton,
  type SubmittedForm,
  actionBodySchema,
  actionSchema,
  channelEventSchema,
  closedSchema,
  commandSchema,
  eventSchema,
  submissionSchema,
  suggestionSchema,
  teamOf,
} from './slack-requests.ts';
import type { ModalSubmitter, SubmitAnswer } from './submit-modal.ts';

/**
 * What Slack calls, by Bolt: it has verified signatures by now. Here bodies become what the rest works with, and answers become
 * what Slack takes.
 */
export interface BoltAppDeps {
  readonly receiver: Receiver;
  readonly botToken: string;
  readonly logger: Logger;
  readonly answering: Answering;
  readonly commands: CommandRunner;
  readonly actions: CardActions;
  readonly modals: ModalSubmitter;
  readonly mirror: Pick<SlackMirror, 'pauseChannel' | 'resumeChannel' | 'endChannel' | 'stop'>;
  readonly store: Pick<SlackStore, 'outbox' | 'mirrors'>;
  /** ms since 1970 */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

/** Slack waits for three seconds, and then tells the person that it failed. */
const ANSWER_MS = 2_500;
const LATE = 'Slack is slow just now. The answer follows.';
const FAILED = 'Something went wrong here. Look at the quote, and try again if it is not as you want it.';

export function createBoltApp(deps: BoltAppDeps): App {
  const { answering, commands, actions, modals, mirror, store, now } = deps;
  const app = new App({
    receiver: deps.receiver,
    logger: deps.logger,
    // Bolt would ask Slack who we are at every start, and take nothing if Slack does not answer.
    authorize: async () => ({ botToken: deps.botToken }),
    ignoreSelf: false,
  });

  app.command(COMMAND, async ({ body, ack, logger }) => {
    const asked = commandSchema.parse(body);
    const { user_id: user, team_id: team, channel_id: channel, trigger_id: key } = asked;
    const item = { key, kind: 'command' as const, body: { user, channel, thread: null }, at: now() };
    const text = unescapeText(asked.text ?? '');
    const working = answering.person(user, team).then((person) =>
      // What a stranger is told is for them alone, and kept nowhere.
      person.ok
        ? answering.once(item, () => commands.run({ person: person.value, channel, text }))
        : person.reason,
    );
    const answered = working.then(
      (answer) => answer ?? FAILED,
      (error: unknown) => {
        logger.error(String(error));
        return FAILED;
      },
    );
    const answer = await inTime(answered);
    const said = answer ?? LATE;
    await ack({ response_type: 'ephemeral', text: said, blocks: [answerBlock(said)] });
    // Slack is answered when this is over: what takes longer goes on by itself.
    if (answer === null) answered.then((late) => sayPrivately(key, item.body, late)).catch(deps.report);
  });

  app.action(/[\s\S]*/, async ({ body, action, ack }) => {
    const pressed = actionBodySchema.parse(body);
    const { action_id: id, value, selected_option: option } = actionSchema.parse(action);
    const working = id === LINE_SEARCH ? showLine(pressed, option?.value ?? '') : press(pressed, id, value);
    working.catch(deps.report);
    await inTime(working);
    await ack();
  });

  async function press(pressed: PressedButton, id: string, text: string | undefined): Promise<null> {
    if (id === ACTIONS.open) return null;
    const { trigger_id: trigger, channel, user, message } = pressed;
    const asked: Asked | null =
      channel === undefined
        ? null
        : { channel: channel.id, user: user.id, thread: message?.thread_ts ?? null };
    const person = await answering.person(user.id, teamOf(pressed));
    const item = { key: trigger, kind: 'action' as const, body: asked, at: now() };
    const value = parseActionValue(text);
    const run = async (): Promise<string | null> => {
      if (!person.ok) return person.reason;
      return value === null ? OLDER_CARD : actions.run(id, { person: person.value, value, trigger });
    };
    // Strangers leave no trace.
    const said = person.ok ? await answering.once(item, run) : await run();
    if (said !== null && asked !== null) sayPrivately(trigger, asked, said);
    return null;
  }

  /** By the outbox, so that it comes even if Slack does not answer in this moment. */
  function sayPrivately(key: string, asked: Asked, text: string): void {
    const message = privateAnswer(asked, { text, blocks: [answerBlock(text)] });
    store.outbox.add({ key: `answer:${key}`, mirror: null, message, at: now() });
  }

  async function showLine(pressed: PressedButton, line: string): Promise<null> {
    const { user, view } = pressed;
    const person = await answering.person(user.id, teamOf(pressed));
    if (person.ok && view !== undefined && line !== '') await modals.showLine(person.value, view, line);
    return null;
  }

  app.options(LINE_SEARCH, async ({ body, ack }) => {
    const asked = suggestionSchema.parse(body);
    const person = await answering.person(asked.user.id, teamOf(asked));
    const lines = person.ok ? await modals.lines(person.value, asked.view, asked.value ?? '') : [];
    await ack({ options: [...lines] });
  });

  app.view<ViewSubmitAction>(/[\s\S]*/, async ({ body, ack }) => {
    const form = submissionSchema.parse(body);
    const { user, view } = form;
    const person = await answering.person(user.id, teamOf(form));
    if (!person.ok) {
      await ack(notNow(view));
      return;
    }
    // A form that comes back with errors keeps its hash: with other values it is another try.
    const values = createHash('sha256').update(JSON.stringify(view.state)).digest('hex');
    const key = `${view.id} ${view.hash} ${values}`;
    const item = { key, kind: 'submission' as const, body: null, at: now() };
    const answer = await answering.once(item, () => submit(person.value, view));
    await acknowledge(ack, answer ?? { kind: 'stale' });
  });

  async function submit(person: Person, view: SubmittedForm['view']): Promise<SubmitAnswer> {
    switch (view.callback_id) {
      case VIEWS.edit:
        return modals.submitEdit(person, view);
      case VIEWS.choose:
        return modals.submitChoice(person, view);
      default:
        return { kind: 'stale' };
    }
  }

  app.view<ViewClosedAction>({ callback_id: VIEWS.choose, type: 'view_closed' }, async ({ body, ack }) => {
    const closed = closedSchema.parse(body);
    const person = await answering.person(closed.user.id, teamOf(closed));
    if (person.ok) await modals.closeChoice(person.value, closed.view);
    await ack();
  });

  for (const type of EVENTS) {
    app.event(type, async ({ body, event }) => {
      const { event_id: key } = eventSchema.parse(body);
      const { channel } = channelEventSchema.parse(event);
      await answering.once({ key, kind: 'event', body: { type }, at: now() }, async () => {
        happened(type, channel);
        return null;
      });
    });
  }

  function happened(type: (typeof EVENTS)[number], { id: channel, name }: EventChannel): void {
    switch (type) {
      case 'app_uninstalled':
      case 'tokens_revoked':
        mirror.stop('the app was taken out of the workspace');
        return;
      case 'channel_archive':
      case 'group_archive':
        if (channel !== null) mirror.pauseChannel(channel, 'the channel was archived');
        return;
      case 'channel_deleted':
      case 'group_deleted':
        if (channel !== null) mirror.endChannel(channel, 'the channel was deleted');
        return;
      case 'channel_shared':
        if (channel !== null) mirror.endChannel(channel, READ_BY_OTHERS);
        return;
      case 'channel_rename':
      case 'group_rename':
        if (channel !== null && name !== null) store.mirrors.renameChannel(channel, name);
        return;
      case 'channel_unarchive':
      case 'group_unarchive':
        if (channel !== null) mirror.resumeChannel(channel);
        return;
      default:
        unreachable(type);
    }
  }

  return app;
}

/** Null where it takes longer than Slack waits. */
function inTime<T>(work: Promise<T>): Promise<T | null> {
  const late = new Promise<null>((resolve) => void setTimeout(resolve, ANSWER_MS, null).unref());
  return Promise.race([work, late]);
}

/** The form stays, with all that was typed: Slack says why beside its first input. */
function notNow({ blocks }: SubmittedForm['view']): ViewResponseAction {
  const inputs = z
    .array(z.looseObject({ type: z.string(), block_id: z.string().optional() }))
    .catch([])
    .parse(blocks);
  const first = inputs.find(({ type }) => type === 'input')?.block_id ?? '';
  return {
    response_action: 'errors',
    errors: {
      [first]: 'Not saved: Quoteroom cannot tell who you are just now. `/quote list` says what to do.',
    },
  };
}

async function acknowledge(ack: ViewAck, answer: SubmitAnswer): Promise<void> {
  switch (answer.kind) {
    case 'close':
      return ack();
    case 'errors':
      return ack({ response_action: 'errors', errors: { ...answer.errors } });
    case 'update':
      return ack({ response_action: 'update', view: answer.view });
    case 'stale':
      return ack({ response_action: 'update', view: STALE_VIEW });
    default:
      return unreachable(answer);
  }
}

const STALE_VIEW: ModalView = {
  type: 'modal',
  title: plain('Out of date', 24),
  close: plain('Close', 24),
  blocks: [paragraphs(['This form cannot be saved any more. Close it and begin again from the card.'])],
};

type ViewAck = (response?: ViewResponseAction) => Promise<void>;
