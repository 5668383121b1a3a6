export interface ServerSentEvent {
  /** `message` unless the server names another. */
  event: string;
  data: string;
}

/**
 * The events of a `text/event-stream`, for clients that need headers, which the browser's `EventSource` cannot send.
 * Ends when the stream ends; an event that was cut off is dropped.
 */
export async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let block: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      // Only what is new is looked through: a long line may come in many pieces.
      const lines = decoder.decode(value, { stream: true }).split('\n');
      lines[0] = rest + lines[0];
      rest = lines.pop() ?? '';
      for (const written of lines) {
        const line = written.endsWith('\r') ? written.slice(0, -1) : written;
        if (line !== '') {
          block.push(line);
          continue;
        }
        const event = parseBlock(block);
        block = [];
        if (event) {
          yield event;
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function parseBlock(lines: readonly string[]): ServerSentEvent | undefined {
  let event = 'message';
  const data: string[] = [];
  for (const line of lines) {
    const [field] = line.split(':', 1);
    const said = line.slice(field.length + 1);
    const value = said.startsWith(' ') ? said.slice(1) : said;
    if (field === 'event') {
      event = value;
    } else if (field === 'data') {
      data.push(value);
    }
  }
  return data.length ? { event, data: data.join('\n') } : undefined;
}
