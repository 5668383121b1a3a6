/** A live-video-to-video model and how the network asks for it. */
export interface Model {
  id: string;
  /** Share of the sessions that ask for it. */
  demand: number;
  /** Frames a second of a GeForce RTX 4090. */
  fps: number;
}

export const MODELS: readonly Model[] = [
  { id: 'streamdiffusion-sdxl', demand: 0.4, fps: 17 },
  { id: 'streamdiffusion-sdxl-v2v', demand: 0.22, fps: 14 },
  { id: 'streamdiffusion-sdxl-faceid', demand: 0.23, fps: 16 },
  { id: 'streamdiffusion-sd15', demand: 0.15, fps: 22 },
];

/** A graphics card as `hardware[].gpu_info` describes it. */
export interface GpuKind {
  name: string;
  /** Compute capability; a minor of 0 vanishes from the message. */
  major: number;
  minor: number;
  memoryTotal: number;
  /** Frames a second against a GeForce RTX 4090. */
  speed: number;
}

const gpu = (
  name: string,
  version: string,
  memoryTotal: number,
  speed: number,
): GpuKind => {
  const [major, minor] = version.split('.').map(Number);
  return { name, major, minor, memoryTotal, speed };
};

/** In this order they are dealt to orchestrators; common ones repeat. */
export const GPU_KINDS: readonly GpuKind[] = [
  gpu('NVIDIA GeForce RTX 4090', '8.9', 25757220864, 1),
  gpu('NVIDIA GeForce RTX 5090', '12.0', 34190917632, 1.28),
  gpu('NVIDIA GeForce RTX 4090', '8.9', 25757220864, 1),
  gpu('NVIDIA RTX 6000 Ada Generation', '8.9', 51527024640, 1.02),
  gpu('NVIDIA GeForce RTX 5090', '12.0', 34190917632, 1.28),
  gpu('NVIDIA A100-SXM4-40GB', '8.0', 42949672960, 0.97),
  gpu('NVIDIA GeForce RTX 3090', '8.6', 25769803776, 0.64),
  gpu('NVIDIA H100 80GB HBM3', '9.0', 85520809984, 1.45),
];

/** How well an orchestrator serves; the leaderboard shows these apart. */
export interface Quality {
  name: string;
  /** Output FPS against what its GPU could do. */
  fpsFactor: number;
  /** σ/μ of output FPS within a stream. */
  jitter: number;
  /** Mean ms from a segment sent to its result received. */
  e2eMs: number;
  /** Mean ms that the orchestrator adds before the first segment. */
  startDelayMs: number;
  /** Probability that a session fails on it, by any reason but a swap. */
  failure: number;
  /** Probability that the gateway swaps it away. */
  swap: number;
  /** Probability of a loading overlay at the start. */
  overlay: number;
  /** Probability that output stalls for a while. */
  stall: number;
}

const STEADY: Quality = {
  name: 'steady',
  fpsFactor: 1.03,
  jitter: 0.05,
  e2eMs: 700,
  startDelayMs: 300,
  failure: 0.002,
  swap: 0.008,
  overlay: 0.01,
  stall: 0.002,
};

const quality = (name: string, differs: Partial<Quality>): Quality => ({
  ...STEADY,
  name,
  ...differs,
});

/** In this order they are dealt to orchestrators: half meet the SLA, the others each miss one KPI. */
export const QUALITIES: readonly Quality[] = [
  STEADY,
  quality('brisk', { fpsFactor: 1.12, jitter: 0.035, e2eMs: 420 }),
  quality('slow output', { fpsFactor: 0.6 }),
  STEADY,
  quality('jittery', { jitter: 0.2 }),
  quality('brisk', { fpsFactor: 1.08, jitter: 0.04, e2eMs: 520 }),
  quality('laggy', { e2eMs: 3900 }),
  STEADY,
  quality('slow start', { startDelayMs: 9000 }),
  STEADY,
  quality('failing', { failure: 0.08 }),
  quality('swapping', { swap: 0.16 }),
  STEADY,
  quality('cold', { overlay: 0.4 }),
  quality('stalling', { stall: 0.25, jitter: 0.09 }),
  STEADY,
];
