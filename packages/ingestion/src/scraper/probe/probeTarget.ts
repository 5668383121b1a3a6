import type {
  OrchestratorScrapeData,
  ScrapeAnswer,
  ScrapeErrorClass,
  ScrapeTargetKind,
} from '@naap/events';
import { Findings, noFindings } from '../answers/Findings';
import { Question, QUESTIONS } from '../answers/questions';
import type { Destination } from '../guard/gate';
import { ProbeError } from '../ProbeError';
import type { HttpAnswer } from './AnswerReader';
import { Connector, ConnectorOptions } from './Connector';
import { errorClassOf } from './errorClass';
import { HttpProbe } from './HttpProbe';

/** All that one probe of a target gave. */
export interface ProbeResult
  extends Findings,
    Pick<
      OrchestratorScrapeData,
      | 'reachable'
      | 'error_class'
      | 'refusal'
      | 'http_status'
      | 'address'
      | 'latency_ms'
      | 'tls'
      | 'answers'
    > {}

/** Of a target that was not asked, or did not answer. */
export function noResult(
  errorClass: ScrapeErrorClass | null = null,
  refusal: string | null = null,
): ProbeResult {
  return {
    ...noFindings(),
    reachable: false,
    error_class: errorClass,
    refusal,
    http_status: null,
    address: null,
    latency_ms: {
      dns: null,
      connect: null,
      tls: null,
      first_byte: null,
      total: null,
    },
    tls: null,
    answers: [],
  };
}

/** The error of an answer by its status, or of what its body says. */
function errorOf(
  question: Question,
  { status, body, errorClass }: HttpAnswer,
  found: Findings,
): ScrapeErrorClass | null {
  if (errorClass || status === null) return errorClass;
  if (question.absent.includes(status)) return null;
  if (body === null) return status < 400 ? 'redirect' : 'http_status';
  try {
    question.read(body, found);
    return null;
  } catch (error) {
    return errorClassOf(error);
  }
}

/** Milliseconds with a thousandth: more is noise. */
const rounded = (ms: number) => Math.round(ms * 1000) / 1000;
const roundedOrNull = (ms: number | null) => (ms === null ? null : rounded(ms));

/**
 * Asks a target what its kind is asked, one question at a time, and lets the
 * connection go. Errors of the target are in the result.
 *
 * @param abandon - ends the probe at once
 * @throws the reason of `abandon`
 */
export async function probeTarget(
  kind: ScrapeTargetKind,
  to: Destination,
  options: Omit<ConnectorOptions, 'signal'>,
  abandon: AbortSignal,
): Promise<ProbeResult> {
  abandon.throwIfAborted();
  const stop = new AbortController();
  const late = setTimeout(
    () => stop.abort(new ProbeError('timeout')),
    options.limits.totalMs,
  );
  const onAbandon = () => stop.abort(abandon.reason);
  abandon.addEventListener('abort', onAbandon);
  const connector = new Connector(to, { ...options, signal: stop.signal });
  const http = new HttpProbe(to, connector, options.limits, stop.signal);
  try {
    const result = await ask(QUESTIONS[kind], http);
    abandon.throwIfAborted();
    const { dns, connect, tls } = connector.latency;
    return {
      ...result,
      address: connector.address,
      latency_ms: {
        ...result.latency_ms,
        dns: roundedOrNull(dns),
        connect: roundedOrNull(connect),
        tls: roundedOrNull(tls),
      },
      tls: connector.tls,
    };
  } finally {
    clearTimeout(late);
    abandon.removeEventListener('abort', onAbandon);
    http.close();
  }
}

async function ask(
  questions: readonly Question[],
  http: HttpProbe,
): Promise<ProbeResult> {
  const result = noResult();
  for (const question of questions) {
    const started = performance.now();
    const answer = await http.get(question.path);
    const said: ScrapeAnswer = {
      path: question.path,
      http_status: answer.status,
      error_class: errorOf(question, answer, result),
      total_ms: rounded(performance.now() - started),
      bytes: answer.bytes,
    };
    if (result.answers.length === 0) {
      result.http_status = answer.status;
      result.latency_ms.first_byte = roundedOrNull(answer.firstByteMs);
      if (answer.status !== null) result.latency_ms.total = said.total_ms;
    }
    result.answers.push(said);
    result.reachable ||= answer.status !== null;
    result.error_class ??= said.error_class;
    result.refusal ??= answer.refusal;
    // Who does not answer, or whose time is over, is not asked again.
    if (answer.status === null || http.isClosed) break;
  }
  return result;
}
