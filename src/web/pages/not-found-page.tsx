import { Button } from '@mantine/core';
import { Compass } from 'lucide-react';
import { Link } from 'wouter';
import { Notice } from './notice.tsx';

/** A path that leads nowhere. */
export const NotFoundPage = () => (
  <Notice icon={Compass} title="There is nothing here" actions={<ToQuotes />}>
    <p>No page has this address. Check the link, or go on from your quotes.</p>
  </Notice>
);

export const ToQuotes = () => (
  <Button component={Link} href="/quotes">
    Go to your quotes
  </Button>
);
