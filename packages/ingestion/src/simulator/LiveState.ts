/** A stream that says nothing for so long is over: statuses come every 10 s. */
const SILENT_MS = 25_000;

interface Stream {
  url: string;
  fps: number;
  seenAt: number;
}

interface Status {
  request_id?: string;
  orchestrator_info?: { url?: string };
  inference_status?: { fps?: number };
}

/**
 * What the messages of the simulated gateways say about now, so that its servers
 * answer what is pushed too.
 */
export class LiveState {
  readonly #streams = new Map<string, Stream>();
  #report: unknown[] = [];

  /** Takes a message as it is sent. What is no status and no report says nothing, nor does what dirt has spoiled. */
  observe(raw: string, now: number): void {
    const isStatus = raw.includes('"type":"ai_stream_status"');
    if (!isStatus && !raw.includes('"type":"network_capabilities"')) return;
    let data: unknown;
    try {
      ({ data } = JSON.parse(raw) as { data: unknown });
    } catch {
      return;
    }
    if (!isStatus) {
      if (Array.isArray(data)) this.#report = data;
      return;
    }
    const {
      request_id: id,
      orchestrator_info: info,
      ...status
    } = (data ?? {}) as Status;
    if (typeof id !== 'string' || typeof info?.url !== 'string') return;
    const fps = Number(status.inference_status?.fps) || 0;
    this.#streams.set(id, { url: info.url, fps, seenAt: now });
  }

  /** Output frames a second of each stream that an endpoint serves now. */
  streamsOf(url: string, now: number): number[] {
    for (const [id, { seenAt }] of this.#streams) {
      if (now - seenAt > SILENT_MS) this.#streams.delete(id);
    }
    return [...this.#streams.values()]
      .filter(stream => stream.url === url)
      .map(({ fps }) => fps);
  }

  /** Streams of all endpoints. */
  count(now: number): number {
    return [...this.#streams.values()].filter(
      ({ seenAt }) => now - seenAt <= SILENT_MS,
    ).length;
  }

  /** The entries of the newest capability report. */
  get report(): readonly unknown[] {
    return this.#report;
  }
}
