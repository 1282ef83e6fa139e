import { createTheme } from '@mantine/core';

/** What Mantine's components need to know in JavaScript; colours and sizes are in `styles/tokens.css`. */
export const theme = createTheme({
  primaryColor: 'indigo',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
});
