#!/usr/bin/env node
import { createProgram } from './program';
import { exitCodeOf, reportError } from './errors';

createProgram()
  .parseAsync(process.argv)
  .catch(error => {
    reportError(error);
    process.exitCode = exitCodeOf(error);
  });
