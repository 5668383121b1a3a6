export { hasEnded } from './rows';
export type { StepStanding } from './RunHistory';
export type { RunOutcome, RunRequest } from './RunQueue';
export { RunStore } from './RunStore';
