/** What a target may cost. Times in ms, sizes in bytes. */
export interface ProbeLimits {
  dnsMs: number;
  connectMs: number;
  tlsMs: number;
  /** From the request sent to the head of the answer. */
  firstByteMs: number;
  /** All questions to one target together. */
  totalMs: number;
  headerBytes: number;
  /** On the wire, and again after decompression. */
  bodyBytes: number;
}

export const DEFAULT_LIMITS: ProbeLimits = {
  dnsMs: 2_000,
  connectMs: 3_000,
  tlsMs: 3_000,
  firstByteMs: 5_000,
  totalMs: 10_000,
  headerBytes: 16 * 1024,
  bodyBytes: 1024 * 1024,
};
