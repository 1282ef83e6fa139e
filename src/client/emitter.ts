import { ObservableV2 } from 'lib0/observable';

/** Events by name, each with one argument. Listeners run in the order in which they came, and synchronously. */
export interface Emitter<Events extends object> {
  /** Listens until the returned function is called. */
  on<Name extends keyof Events & string>(name: Name, listener: (event: Events[Name]) => void): () => void;
  emit<Name extends keyof Events & string>(name: Name, event: Events[Name]): void;
  /** Forgets all listeners. */
  clear(): void;
}

type Listeners<Events> = { [Name in keyof Events]: (event: Events[Name]) => void };

export function createEmitter<Events extends object>(): Emitter<Events> {
  const observable = new ObservableV2<Listeners<Events>>();
  return {
    on(name, listener) {
      // a function of its own, so that one listener may be added twice and removed once
      const own: Listeners<Events>[typeof name] = (event) => listener(event);
      observable.on(name, own);
      return () => observable.off(name, own);
    },
    emit(name, event) {
      observable.emit(name, [event] as Parameters<Listeners<Events>[typeof name]>);
    },
    clear: () => observable.destroy(),
  };
}
