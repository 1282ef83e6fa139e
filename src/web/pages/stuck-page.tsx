import { Button } from '@mantine/core';
import { FileWarning } from 'lucide-react';
import { useState } from 'react';
import { quoteAsText } from '../offline/quote-as-text.ts';
import { useQuote } from '../room/use-room.ts';
import { countOf } from '../words/count-of.ts';
import { CopyButton } from './copy-button.tsx';
import { Notice } from './notice.tsx';
import { sentenceOf } from './room-view.ts';

/** The server takes no more from this copy of the quote: the text can be saved, then a fresh copy opened. */
export function StuckPage(props: {
  readonly detail: string;
  readonly unsent: number;
  readonly onFreshCopy: () => Promise<void>;
}) {
  const { detail, unsent, onFreshCopy } = props;
  const quote = useQuote();
  const [isOpening, setIsOpening] = useState(false);
  return (
    <Notice
      icon={FileWarning}
      tone="warn"
      title="This copy of the quote cannot be sent"
      actions={
        <>
          <Button
            loading={isOpening}
            onClick={() => {
              setIsOpening(true);
              void onFreshCopy();
            }}
          >
            Open a fresh copy
          </Button>
          <CopyButton text={() => quoteAsText(quote.snapshot())}>Copy my version as text</CopyButton>
        </>
      }
    >
      <p>
        The server did not accept what this page sent.{detail !== '' && ` It said: ${sentenceOf(detail)}`}
      </p>
      <p>
        {unsent > 0
          ? `${countOf(unsent, 'change')} of yours ${unsent === 1 ? 'is' : 'are'} in this copy only. Copy your version, then open a fresh one and put in what is missing.`
          : 'Nothing of yours is known to be missing. Open a fresh copy to go on.'}
      </p>
    </Notice>
  );
}
