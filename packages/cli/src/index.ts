#!/usr/bin/env node
import { ownerOnly } from '@naap/system';
import { createProgram } from './program';
import { exitCodeOf, reportError } from './errors';

ownerOnly();
createProgram()
  .parseAsync(process.argv)
  .catch(error => {
    reportError(error);
    process.exitCode = exitCodeOf(error);
  });
