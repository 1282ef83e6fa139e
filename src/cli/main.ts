#!/usr/bin/env node
import { endSilence } from './end-silence.ts';
import { createProcessTerminal, exitWhenWritten } from './process-terminal.ts';
import { runCommandLine } from './program.ts';

endSilence();
exitWhenWritten(await runCommandLine(process.argv.slice(2), createProcessTerminal()));
