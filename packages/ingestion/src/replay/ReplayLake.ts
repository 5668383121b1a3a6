import type { BronzeEvent, IgnoredReason, RejectedReason } from '@naap/events';

/** What is judged anew. */
export interface ReplayOptions {
  /** Only what came in from then on, ISO 8601. */
  from?: string;
  /** Only what came in before then, ISO 8601. */
  to?: string;
  /** Also what this version of the gate has judged. */
  all?: boolean;
}

/** What a message came to that is not what it was; `at`: its place in the piece. */
export type Verdict =
  | { at: number; class: 'accepted'; event: BronzeEvent }
  | {
      at: number;
      class: 'ignored' | 'rejected';
      reason: IgnoredReason | RejectedReason;
    };

/** Messages that are judged together: an Arrow IPC file of rows of one table. */
export interface Piece {
  path: string;
  table: 'events' | 'quarantine';
  rows: number;
}

export interface ReplaySummary {
  /** Messages that were judged. */
  judged: number;
  /** Those with another class, reason or other columns than before. */
  changed: number;
  /** Those that were refused and are events now. */
  accepted: number;
  /** Those that were events and are none. */
  quarantined: number;
}

/** A replay that is decided, and that the tables have. */
export interface AppliedReplay {
  id: string;
  summary: ReplaySummary;
  /** Arrow IPC files of what the event log must forget, first, and know. */
  identities: string[];
}

/** The side of the lake: reads what is to be judged, and moves it. */
export interface ReplayLake {
  /** Takes the event log into the lake. */
  commit(): Promise<unknown>;
  /** Runs one replay at a time. */
  exclusively<T>(replay: () => Promise<T>): Promise<T>;
  begin(
    options: ReplayOptions & { gateVersion: number },
  ): Promise<{ pieces: number }>;
  /** Takes the verdicts on the last piece, and gives the next. */
  next(verdicts: Verdict[]): Promise<Piece | null>;
  /** From then on the replay is decided. */
  stage(): Promise<ReplaySummary>;
  /** Brings the tables to what is decided; null: nothing is. Can be done again. */
  apply(): Promise<AppliedReplay | null>;
  done(id: string): Promise<void>;
}
