import type {
  OrchestratorScrapeData,
  ScrapeAnswer,
  ScrapeErrorClass,
  ScrapeTargetKind,
} from '@naap/events';
import { Findings, noFindings } from '../answers/Findings';
import { Question, QUESTIONS } from '../answers/questions';
import type { Destination } from '../guard/gate';
import type { HttpAnswer } from './AnswerReader';
import { errorClassOf } from './errorClass';
import type { HttpProbe } from './HttpProbe';
import type { Found } from './lookUp';
import { isOrchestrator } from './proof';
import { inSession, SessionOptions } from './session';

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

/** A probe, and whether an orchestrator answered it. */
interface Probed {
  result: ProbeResult;
  isOrchestrator: boolean;
}

/**
 * Asks a target what its kind is asked, one question at a time, and lets the
 * connection go. Errors of the target are in the result.
 *
 * @throws the reason of `signal` when it aborts
 */
export async function probeTarget(
  kind: ScrapeTargetKind,
  to: Destination,
  found: Found,
  options: SessionOptions,
): Promise<Probed> {
  return inSession(to, found.addresses, options, async http => {
    const { result, first } = await ask(QUESTIONS[kind], http, found.ms ?? 0);
    const { address, latency, tls, certificate } = http.connector;
    return {
      result: {
        ...result,
        address,
        latency_ms: {
          ...result.latency_ms,
          dns: roundedOrNull(found.ms),
          connect: roundedOrNull(latency.connect),
          tls: roundedOrNull(latency.tls),
        },
        tls,
      },
      isOrchestrator:
        kind === 'orchestrator' &&
        isOrchestrator(first, result.error_class, certificate),
    };
  });
}

/** `before`: what the look-up of the name took, ms; it is a part of the first question. */
async function ask(
  questions: readonly Question[],
  http: HttpProbe,
  before: number,
): Promise<{ result: ProbeResult; first: HttpAnswer | null }> {
  const result = noResult();
  let first: HttpAnswer | null = null;
  let started = performance.now() - before;
  for (const question of questions) {
    const answer = await http.get(question.path);
    first ??= answer;
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
    started = performance.now();
  }
  return { result, first };
}
