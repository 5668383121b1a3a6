import { RequestEvent } from '@naap/plugin-naap-common';
import { extentOf } from '../lib/extent';
import { Weight, weightOf } from './excused';
import { eventLabel, eventSummary } from './parseEvent';

/** Lanes of points, top to bottom; statuses have a chart of their own. */
export const LANES = ['gateway', 'runner', 'swaps', 'errors'] as const;
export type Lane = (typeof LANES)[number];

export interface LanePoint {
  lane: Lane;
  /** Seconds since the stream request, by the clock of the lane: the runner's of its lane, else the gateway's. */
  seconds: number;
  label: string;
  /** What it says of itself: the message of an error or a swap. */
  detail: string | null;
  /** Of an error: whether it counts against the orchestrator. */
  weight: Weight | null;
  /** ISO 8601 UTC. */
  at: string;
}

export interface StatusPoint {
  seconds: number;
  /** Null: the status says nothing about FPS. */
  fps: number | null;
  inputFps: number | null;
  state: string;
  at: string;
}

export interface Timeline {
  points: LanePoint[];
  statuses: StatusPoint[];
  /** Seconds that the axes span. */
  domain: [number, number];
  /** Round seconds within the domain. */
  ticks: number[];
  /** Seconds that lie between the times of the runner's clock and the envelopes they came in; null without one. */
  runnerLag: { low: number; high: number } | null;
}

/** Lays the events of a request out in lanes: who said it by which clock, and when after the stream request. */
export function buildTimeline(
  events: readonly RequestEvent[],
  requestedAt: string,
): Timeline {
  const start = Date.parse(requestedAt);
  const points: LanePoint[] = [];
  const statuses: StatusPoint[] = [];
  for (const event of events) {
    const seconds = (Date.parse(event.event_time) - start) / 1000;
    const at = event.event_time;
    if (event.type === 'ai_stream_status') {
      statuses.push({
        seconds,
        fps: event.fps,
        inputFps: event.input_fps,
        state: event.state ?? 'no state',
        at,
      });
      continue;
    }
    const lane = laneOf(event);
    if (lane) {
      const detail = eventSummary(event);
      points.push({
        lane,
        seconds,
        label: eventLabel(event),
        detail,
        weight: lane === 'errors' ? weightOf(detail) : null,
        at,
      });
    }
  }
  statuses.sort((a, b) => a.seconds - b.seconds);
  const domain = domainOf([...points, ...statuses]);
  return {
    points,
    statuses,
    domain,
    ticks: ticksOf(domain),
    runnerLag: runnerLagOf(events),
  };
}

/** A runner whose clock is ahead of the gateway's has a lag below zero. */
function runnerLagOf(events: readonly RequestEvent[]): Timeline['runnerLag'] {
  const lags = events
    // Where the runner's time made no sense, the envelope's stands for it.
    .filter(
      event =>
        (event.type === 'ai_stream_status' || laneOf(event) === 'runner') &&
        event.event_time !== event.envelope_time,
    )
    .map(
      event =>
        (Date.parse(event.envelope_time) - Date.parse(event.event_time)) / 1000,
    );
  return lags.length > 0 ? extentOf(lags) : null;
}

const STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600,
];
const MOST_TICKS = 7;

function ticksOf([first, last]: [number, number]): number[] {
  const step =
    STEPS.find(seconds => (last - first) / seconds <= MOST_TICKS) ??
    Math.ceil((last - first) / MOST_TICKS);
  const ticks: number[] = [];
  for (let at = Math.ceil(first / step) * step; at <= last; at += step) {
    // Adding 0 turns −0 into 0.
    ticks.push(at + 0);
  }
  return ticks;
}

function laneOf(event: RequestEvent): Lane | null {
  if (event.type === 'ai_stream_events') {
    return event.subtype === 'error' ? 'errors' : 'gateway';
  }
  if (event.type !== 'stream_trace') {
    return null;
  }
  if (event.subtype === 'orchestrator_swap') {
    return 'swaps';
  }
  return event.subtype?.startsWith('runner_') ? 'runner' : 'gateway';
}

function domainOf(points: Array<{ seconds: number }>): [number, number] {
  const { low, high } = extentOf(points.map(point => point.seconds));
  const first = Math.min(0, low);
  const last = Math.max(1, high);
  // A margin, so that the marks at both ends are seen whole.
  const margin = (last - first) * 0.02;
  return [Math.floor(first - margin), Math.ceil(last + margin)];
}
