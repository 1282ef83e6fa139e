import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Brand } from './brand.tsx';
import classes from './notice.module.css';
import { useDocumentTitle } from './use-document-title.ts';

/** A page that says one thing and offers one way on. `children` is what happened, in a sentence or two. */
export function Notice(props: {
  readonly icon: LucideIcon;
  readonly tone?: 'plain' | 'warn';
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) {
  const { icon: Icon, tone = 'plain', title, children, actions } = props;
  useDocumentTitle(title);
  return (
    <div className={classes['page']}>
      <header>
        <Brand className={classes['brand']} />
      </header>
      <main className={classes['middle']}>
        <div className={classes['box']}>
          <span className={classes['icon']} data-tone={tone}>
            <Icon size={20} aria-hidden />
          </span>
          <h1 className={classes['title']}>{title}</h1>
          <div className={classes['text']}>{children}</div>
          {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
        </div>
      </main>
    </div>
  );
}
