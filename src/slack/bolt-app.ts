import { createHash } from 'node:crypto';
import { App, type Logger, type Receiver, type ViewResponseAction, type ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { unreachable } from '../lib/assert.ts';
import { ACTIONS, LINE_SEARCH, VIEWS, parseActionValue } from './action-ids.ts';
import type { Answering } from './answer-slack.ts';
import type { CardActions } from './card-actions.ts';
import type { CommandRunner } from './run-command.ts';
import { type MessageContent, answerBlock, paragraphs, plain, unescapeText } from './blocks.ts';
import { COMMAND, EVENTS } from './registered.ts';
import { READ_BY_OTHERS, type SlackMirror } from './mirror.ts';
import type { SlackStore } from './slack-store.ts';
import {
  type EventChannel,
  type PressedButton,
  type SubmittedForm,
  actionSchema,
  channelEventSchema,
  commandSchema,
  eventSchema,
  pressedSchema,
  submissionSchema,
  suggestionSchema,
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
    const {
      user_id: user,
      team_id: team,
      channel_id: channel,
      text = '',
      trigger_id: key,
    } = commandSchema.parse(body);
    const item = { key, kind: 'command' as const, body: { user, channel }, at: now() };
    const working = answering.person(user, team).then((person) =>
      // What a stranger is told is for them alone, and kept nowhere.
      person.ok
        ? answering.once(item, () =>
            commands.run({ person: person.value, channel, text: unescapeText(text) }),
          )
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
    if (answer === null)
      void answered.then((late) => sayPrivately({ key, channel, user, thread: null }, late));
  });

  app.action(/[\s\S]*/, async ({ body, action, ack, logger }) => {
    const pressed = actionSchema.parse(body);
    const { action_id: id, value, selected_option: option } = pressedSchema.parse(action);
    if (id === LINE_SEARCH) {
      await showLine(pressed, option?.value ?? '');
      await ack();
      return;
    }
    const item = {
      key: pressed.trigger_id,
      kind: 'action' as const,
      body: { id, user: pressed.user.id },
      at: now(),
    };
    const working = answering.once(item, () => press(pressed, id, value));
    working.catch((error: unknown) => logger.error(String(error)));
    await inTime(working);
    await ack();
  });

  async function press(pressed: PressedButton, id: string, value: string | undefined): Promise<null> {
    if (id === ACTIONS.open) return null;
    const said = await answerTo(pressed, id, value);
    if (said !== null) answerPrivately(pressed, said);
    return null;
  }

  async function answerTo(
    { user, team, trigger_id: trigger }: PressedButton,
    id: string,
    text: string | undefined,
  ): Promise<string | null> {
    const value = parseActionValue(text);
    if (value === null) return 'This button is of an older card. `/quote share` brings a new one.';
    const person = await answering.person(user.id, user.team_id ?? team?.id ?? null);
    return person.ok ? actions.run(id, { person: person.value, value, trigger }) : person.reason;
  }

  function answerPrivately({ trigger_id: key, channel, user, message }: PressedButton, text: string): void {
    if (channel === undefined) return;
    sayPrivately({ key, channel: channel.id, user: user.id, thread: message?.thread_ts ?? null }, text);
  }

  /** By the outbox, so that it comes even if Slack does not answer in this moment. */
  function sayPrivately(
    { key, channel, user, thread }: { key: string; channel: string; user: string; thread: string | null },
    text: string,
  ): void {
    const said: MessageContent = { text, blocks: [answerBlock(text)] };
    // In a direct message there is nobody else to see it.
    const isDirect = channel.startsWith('D');
    store.outbox.add({
      key: `answer:${key}`,
      mirror: null,
      message: isDirect
        ? { kind: 'direct', user, ...said }
        : { kind: 'private', channel, user, thread, ...said },
      at: now(),
    });
  }

  async function showLine({ user, team, view }: PressedButton, line: string): Promise<void> {
    const person = await answering.person(user.id, user.team_id ?? team?.id ?? null);
    if (person.ok && view !== undefined && line !== '') await modals.showLine(person.value, view, line);
  }

  app.options(LINE_SEARCH, async ({ body, ack }) => {
    const { user, team, view, value } = suggestionSchema.parse(body);
    const person = await answering.person(user.id, user.team_id ?? team?.id ?? null);
    await ack({ options: person.ok ? [...(await modals.lines(person.value, view, value ?? ''))] : [] });
  });

  app.view<ViewSubmitAction>(/[\s\S]*/, async ({ body, ack }) => {
    const form = submissionSchema.parse(body);
    const { user, view } = form;
    // A form that comes back with errors keeps its hash: with other values it is another try.
    const values = createHash('sha256').update(JSON.stringify(view.state)).digest('hex');
    const item = {
      key: `${view.id} ${view.hash} ${values}`,
      kind: 'submission' as const,
      body: { user: user.id },
      at: now(),
    };
    const answer = await answering.once(item, () => submit(form));
    await acknowledge(ack, answer ?? { kind: 'stale' });
  });

  async function submit({ user, team, view }: SubmittedForm): Promise<SubmitAnswer> {
    const person = await answering.person(user.id, user.team_id ?? team?.id ?? null);
    if (!person.ok) return { kind: 'stale' };
    switch (view.callback_id) {
      case VIEWS.edit:
        return modals.submitEdit(person.value, view);
      case VIEWS.choose:
        return modals.submitChoice(person.value, view);
      default:
        return { kind: 'stale' };
    }
  }

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
