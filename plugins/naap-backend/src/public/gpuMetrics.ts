import type { GpuAnswer, GpuRow, NaapSchemas } from '@naap/plugin-naap-common';
import { intervalOf, percent, percentInterval } from './values';

type GpuMetricsRow = NaapSchemas['GpuMetricsRow'];

function noteOf({ gpu_id, stable }: GpuRow): string | null {
  if (gpu_id === null) {
    return 'What could not be tied to one GPU of this orchestrator';
  }
  if (stable === false) {
    return 'This gpu_id is not stable: the orchestrator reports the same place under another id every hour or so, so the row may be a part of one GPU';
  }
  return null;
}

/** Rows of `GET /gpu/metrics`. */
export function gpuMetricsRows({ meta, rows }: GpuAnswer): GpuMetricsRow[] {
  return rows.map(row => ({
    o_wallet: row.orchestrator,
    orchestrator_agent_version: row.orchestrator_version,
    time_window: intervalOf(meta.window),
    gpu_id: row.gpu_id,
    gpu_id_stable: row.stable,
    note: noteOf(row),
    gpu_name: row.gpu,
    workflows: row.models,
    regions: row.regions,
    metrics: {
      output_fps: row.fps_mean,
      prompt_to_first_frame_latency_ms: row.ptff_ms.mean,
      jitter_coefficient: row.jitter_mean,
      failure_rate_pct: percent(row.failure_rate),
      cuda_utilization_efficiency_pct: percent(row.cue),
    },
    evidence: {
      requests: row.requests,
      served: row.served,
      failed: row.failed,
      failure_rate_pct: percentInterval(
        row.failure_rate,
        row.failure_rate_low,
        row.failure_rate_high,
      ),
      output_fps_samples: row.fps_samples,
      prompt_to_first_frame: row.ptff_ms,
      jitter_requests: row.jitter_n,
      cue_samples: row.cue_samples,
    },
  }));
}
