/**
 * How a connection comes in. It asks for the quote by its sync step 1, and offers what it has by its sync step 2, in either
 * order. Only when both are here is it answered, by our step 2, and only from then on is it sent updates:
 *
 *   opened --step 1--> asked --------step 2 judged, or overdue--> answering --our step 2 goes out--> live
 *      `-----step 2 judged---> offered -------------step 1------------^
 *
 * Whoever is answering or live may ask again and stays what they are. One answer is under way at a time, since each waits until
 * what it contains is durable; a question that comes meanwhile is answered after it, and of several the last.
 */
export type HandshakeState = 'opened' | 'asked' | 'offered' | 'answering' | 'live';

export interface Handshake {
  readonly state: HandshakeState;
  /** Its step 1 is here: what is it owed? True for the first one. */
  putQuestion(stateVector: StateVector): boolean;
  /** Its first step 2 is judged, or overdue. Later ones are nothing new. */
  offer(): void;
  /** What is to be answered now, or null. Whoever takes it puts an answer. */
  takeQuestion(): StateVector | null;
  putAnswer(answer: Answer): void;
  /** The answer, once everything up to `durable` may go out and that is enough for it; else null. */
  takeAnswer(durable: number): Uint8Array | null;
}

/** Of each client the clocks held. */
export type StateVector = ReadonlyMap<number, number>;

export interface Answer {
  /** The revision that it contains. */
  readonly revision: number;
  readonly frame: Uint8Array;
}

export function createHandshake(): Handshake {
  let state: HandshakeState = 'opened';
  let question: StateVector | null = null;
  let answer: Answer | null = null;

  return {
    get state() {
      return state;
    },
    putQuestion(stateVector) {
      const isFirst = state === 'opened' || state === 'offered';
      if (isFirst) state = state === 'opened' ? 'asked' : 'answering';
      question = stateVector;
      return isFirst;
    },
    offer() {
      if (state === 'opened') state = 'offered';
      else if (state === 'asked') state = 'answering';
    },
    takeQuestion() {
      if (state === 'asked' || answer !== null) return null;
      const taken = question;
      question = null;
      return taken;
    },
    putAnswer(made) {
      answer = made;
    },
    takeAnswer(durable) {
      if (answer === null || answer.revision > durable) return null;
      const { frame } = answer;
      answer = null;
      state = 'live';
      return frame;
    },
  };
}
