const BEGAN = Date.UTC(2026, 0, 15, 10);

/** What a gateway says when somebody asks for a stream: a request, by its id of 8 hex digits. */
export function askedFor(requestId: string): string {
  return JSON.stringify({
    id: `asked-${requestId}`,
    type: 'stream_trace',
    timestamp: String(BEGAN),
    gateway: 'gw',
    data: {
      type: 'gateway_receive_stream_request',
      timestamp: BEGAN,
      stream_id: `stream-${requestId}`,
      request_id: requestId,
      pipeline: 'live-video-to-video',
    },
  });
}
