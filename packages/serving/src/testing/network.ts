/** One request of a synthetic network, from which every gold table is made. */
export interface SyntheticRequest {
  stream_id: string;
  request_id: string;
  /** ISO 8601 UTC. */
  requested_at: string;
  gateway: string;
  region: string | null;
  orchestrator: string | null;
  model: string | null;
  pipeline: string | null;
  gpu: string | null;
  warm: boolean | null;
  ptff_ms: number | null;
  e2e_ms: number | null;
  startup_ms: number | null;
  overlay: boolean;
  /** FPS of its output samples. */
  samples: number[];
  outcome: string;
  swapped: boolean;
  error_events: number;
  /** Whether it serves half a minute of the next hour too, which must lie in the same day. */
  goes_on?: boolean;
}

/** One URL in one round of the scraper. */
export interface SyntheticObservation {
  /** Start of the round, ISO 8601 UTC. */
  began_at: string;
  orchestrator: string | null;
  url: string;
  kind: 'orchestrator' | 'node' | 'runner';
  reachable: boolean;
  refused: boolean;
  masked: boolean;
  response_ms: number | null;
  capacity: number | null;
  in_use: number | null;
  available: number | null;
  /** Fractions by GPU id. */
  gpus: Array<{ id: string; used: number }>;
  prices: Array<{ model: string; unit: string; price: number }>;
}

/** A small seeded generator of uniform numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) % 0x100000000;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  };
}

/** Random requests of one day, some without orchestrator, model or GPU. */
export function randomRequests(
  day: string,
  count: number,
  seed: number,
  orchestrators = 5,
): SyntheticRequest[] {
  const random = seeded(seed);
  const below = (n: number) => Math.floor(random() * n);
  const maybe = <T>(value: T, share = 0.9) => (random() < share ? value : null);
  const start = Date.parse(day);
  return Array.from({ length: count }, (_, i) => {
    const o = below(orchestrators);
    const served = random() < 0.9;
    const fps = 8 + (o % 5) * 2;
    return {
      stream_id: `stream-${seed}-${i}`,
      request_id: `${seed}-${i}`,
      requested_at: new Date(start + below(86_400_000)).toISOString(),
      gateway: ['', 'gw-sea', 'gw-fra'][below(3)],
      region: maybe(['sea', 'fra'][o % 2]),
      orchestrator: maybe(`o${o}`, 0.97),
      model: maybe(`m${o % 4 === 0 ? below(2) : o % 3}`, 0.97),
      pipeline: 'live-video-to-video',
      gpu: o % 7 === 0 ? null : `gpu${o % 3}`,
      warm: maybe(random() < 0.7),
      ptff_ms: served ? 1000 + below(9000) : null,
      e2e_ms: served ? 300 + below(3000) : null,
      startup_ms: served ? 3000 + below(20_000) : null,
      overlay: random() < 0.05,
      samples: served
        ? Array.from(
            { length: below(12) },
            () => Math.round((fps + random() * 4) * 10) / 10,
          )
        : [],
      outcome: served
        ? ['ok', 'ok', 'ok', 'ok', 'failed'][below(5)]
        : ['unserved', 'abandoned', 'unknown', 'running'][below(4)],
      swapped: random() < 0.05,
      error_events: below(3),
    };
  });
}

/** Four URLs of two orchestrators, one of nobody, and a runner; rounds every 20 min. */
export function randomObservations(
  day: string,
  seed: number,
): SyntheticObservation[] {
  const random = seeded(seed);
  const maybe = <T>(value: T) => (random() < 0.8 ? value : null);
  return Array.from({ length: 72 }, (_, round) => {
    const masked = random() < 0.1;
    return ['a', 'b', 'c', 'd', 'nobody', 'runner'].map((name, i) => {
      const refused = random() < 0.05;
      const heard = !refused && random() < 0.9 - i * 0.1;
      return {
        began_at: new Date(Date.parse(day) + round * 20 * 60_000).toISOString(),
        orchestrator: name === 'nobody' ? null : `o${i % 2}`,
        url: `https://${name}`,
        kind:
          name === 'runner' ? ('runner' as const) : ('orchestrator' as const),
        reachable: heard,
        refused,
        masked,
        response_ms: heard ? maybe(5 + random() * 900) : null,
        capacity: heard ? maybe(8 + i) : null,
        in_use: heard ? maybe(Math.floor(random() * 8)) : null,
        available: heard ? maybe(2) : null,
        // Everybody's second GPU is called 1.
        gpus: heard
          ? [
              { id: `GPU-${i % 2}`, used: random() },
              { id: '1', used: random() },
            ]
          : [],
        prices: [
          { model: 'm', unit: round % 2 ? 'hour' : 'second', price: 1 + i },
        ],
      };
    });
  }).flat();
}
