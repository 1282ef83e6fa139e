#!/usr/bin/env node
import { createProcessTerminal, exitWhenWritten } from './process-terminal.ts';
import { runCommandLine } from './program.ts';

exitWhenWritten(await runCommandLine(process.argv.slice(2), createProcessTerminal()));
