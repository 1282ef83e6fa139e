import { createContext, use } from 'react';

/** Opens the history of a cell, or of the text of a note (`note/<id>`). Null where no room is above. */
export const CellHistoryContext = createContext<((cell: string) => void) | null>(null);

export const useCellHistory = (): ((cell: string) => void) | null => use(CellHistoryContext);
