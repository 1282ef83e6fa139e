import { useEffect, useRef, useState } from 'react';
import { createKeptQuotes } from '../offline/kept-quotes.ts';
import { usePerson, useSignIn } from '../sign-in/use-sign-in.ts';
import { type Room, openRoom } from './open-room.ts';

/** This page among the tabs of one browser. */
const TAB = Math.random().toString(36).slice(2);

/**
 * The room, opened once per quote and person and closed when the page is left; null until it is open. A newer token of
 * the same person goes on in it.
 */
export function useOpenRoom(quoteId: string): Room | null {
  const signIn = useSignIn();
  const { user, token } = usePerson();
  const newestToken = useRef(token);
  const [room, setRoom] = useState<Room | null>(null);
  const [failure, setFailure] = useState<{ readonly error: unknown } | null>(null);

  useEffect(() => {
    newestToken.current = token;
  }, [token]);

  useEffect(() => {
    let isLeft = false;
    const opening = openRoom({
      quoteId,
      user,
      token: newestToken.current,
      url: window.location.origin,
      kept: createKeptQuotes({ storage: localStorage, user, tab: TAB }),
      onSignInEnded: signIn.expire,
    });
    opening.then(
      (opened) => {
        if (!isLeft) setRoom(opened);
      },
      (error: unknown) => {
        if (!isLeft) setFailure({ error });
      },
    );
    return () => {
      isLeft = true;
      setRoom(null);
      opening.then(
        (opened) => opened.close(),
        () => undefined,
      );
    };
  }, [quoteId, user, signIn]);

  useEffect(() => room?.takeToken(token), [room, token]);

  // Else the page would wait for good, and say nothing.
  if (failure !== null) throw failure.error;
  return room;
}
