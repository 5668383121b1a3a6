export { finishReplay, replay } from './replay';
export type {
  AppliedReplay,
  Piece,
  ReplayLake,
  ReplayOptions,
  ReplaySummary,
  Verdict,
} from './ReplayLake';
