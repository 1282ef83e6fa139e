import { TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import type { RefObject } from 'react';
import { Link } from 'wouter';
import { ThemeSwitch } from '../app/theme-switch.tsx';
import { PersonMenu } from './person-menu.tsx';
import { SEARCH_CHARS_MAX } from './quote-filter.ts';
import classes from './top-bar.module.css';

export function TopBar(props: {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly search: RefObject<HTMLInputElement | null>;
}) {
  const { text, onText, search } = props;
  return (
    <header className={classes['bar']}>
      <Link href="/quotes" className={classes['product'] ?? ''}>
        <img src="/favicon.svg" width={20} height={20} alt="" />
        Quoteroom
      </Link>
      <TextInput
        ref={search}
        className={classes['search']}
        type="search"
        size="sm"
        aria-label="Search quotes"
        placeholder="Search by title, customer or id"
        leftSection={<Search size={16} aria-hidden />}
        rightSection={text === '' ? <kbd className={classes['key']}>/</kbd> : null}
        rightSectionPointerEvents="none"
        maxLength={SEARCH_CHARS_MAX}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      <div className={classes['end']}>
        <ThemeSwitch />
        <PersonMenu />
      </div>
    </header>
  );
}
