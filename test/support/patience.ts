/** Conditions of Testing Library are awaited, not timed: a busy machine may take its time. */
import { configure } from '@testing-library/react';

configure({ asyncUtilTimeout: 15_000 });
