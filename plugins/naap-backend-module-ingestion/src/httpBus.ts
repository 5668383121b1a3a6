import {
  ConflictError,
  CustomErrorBase,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  type EventBus,
  EventLogError,
  GzipError,
  IngestCounts,
  IngestStreamError,
  InputLimitError,
  KafkaBusError,
  KeyInUseError,
} from '@naap/ingestion';

/** An error of whoever brings the messages, which says what was kept of them. */
class PartlyTakenError extends CustomErrorBase {
  readonly counts: IngestCounts;

  constructor(
    readonly statusCode: number,
    name: string,
    { message, counts }: IngestStreamError,
  ) {
    super(message);
    this.name = name;
    this.counts = counts;
  }
}

const takesNothing = (error: unknown): error is Error =>
  error instanceof EventLogError || error instanceof KafkaBusError;

/** Why messages were not taken to their end, as an error that the API has a status for. */
function asHttpError(error: unknown): unknown {
  if (takesNothing(error)) {
    return new ServiceUnavailableError(error.message, error);
  }
  if (error instanceof KeyInUseError) {
    return new ConflictError(error.message, error);
  }
  if (!(error instanceof IngestStreamError)) return error;
  const { cause, message } = error;
  if (takesNothing(cause)) {
    return new ServiceUnavailableError(message, cause);
  }
  if (cause instanceof GzipError) {
    return new PartlyTakenError(400, InputError.name, error);
  }
  if (cause instanceof InputLimitError) {
    return new PartlyTakenError(413, 'PayloadTooLargeError', error);
  }
  const { statusCode, name } = cause as { statusCode?: unknown; name: string };
  return typeof statusCode === 'number'
    ? new PartlyTakenError(statusCode, name, error)
    : cause;
}

async function translated<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw asHttpError(error);
  }
}

/** A bus whose errors are those that the API has a status for. */
export function httpBus(bus: EventBus): EventBus {
  return {
    publish: (...of) => translated(bus.publish(...of)),
    positions: () => translated(bus.positions()),
    check: () => translated(bus.check()),
  };
}
