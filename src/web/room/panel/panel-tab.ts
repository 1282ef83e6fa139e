import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';

/** One tab of the side panel. */
export interface PanelTab {
  readonly id: string;
  readonly title: string;
  readonly icon: LucideIcon;
  /** Beside its name. */
  readonly badge?: ComponentType;
  /** What else people call it, for the palette. */
  readonly words: string;
  /** `onLeave` is called when the reader goes elsewhere from it, so that a panel over the quote makes way. */
  readonly component: ComponentType<PanelTabProps>;
}

export interface PanelTabProps {
  readonly onLeave: () => void;
}
