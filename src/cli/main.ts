#!/usr/bin/env node
import { endSilence } from './end-silence.ts';
import { giveWay, isPatient } from './give-way.ts';

endSilence();
const argv = process.argv.slice(2);
// Before all else: to load the program is work, too.
if (isPatient(argv)) giveWay();
const { createProcessTerminal, exitWhenWritten } = await import('./process-terminal.ts');
const { runCommandLine } = await import('./program.ts');
exitWhenWritten(await runCommandLine(argv, createProcessTerminal()));
