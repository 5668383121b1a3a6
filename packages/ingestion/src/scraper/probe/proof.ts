import type { ScrapeErrorClass } from '@naap/events';
import type { X509Certificate } from 'node:crypto';
import type { HttpAnswer } from './AnswerReader';

/** Bytes of "live runners are not supported", with a line feed: go-livepeer since 0.9. */
const NO_RUNNERS = 31;
/** Bytes of "404 page not found", with a line feed: any server in Go. */
const NOT_FOUND = 19;

type Head = Pick<HttpAnswer, 'status' | 'headers'>;

/** Whether the head is one of Go's `http.Error` with 404, of a text of so many bytes. */
function isNotFoundOfGo({ status, headers }: Head, bytes: number): boolean {
  return (
    status === 404 &&
    headers['content-type'] === 'text/plain; charset=utf-8' &&
    headers['x-content-type-options'] === 'nosniff' &&
    headers['content-length'] === String(bytes)
  );
}

/** go-livepeer makes a certificate that nobody but itself vouches for, and that names no subject. */
function isOfGoLivepeer(certificate: X509Certificate | null): boolean {
  return (
    certificate !== null &&
    !certificate.subject &&
    certificate.checkIssued(certificate)
  );
}

/**
 * Whether the answer to `/discovery` shows that an orchestrator gave it: the
 * list that it asks for, or go-livepeer's way to say that it has none. Any
 * other answer makes a server reachable and proves nothing.
 *
 * @param error - of the answer; null: none, or a 404
 */
export function isOrchestrator(
  answer: Head | null,
  error: ScrapeErrorClass | null,
  certificate: X509Certificate | null,
): boolean {
  if (answer === null || error !== null) return false;
  if (answer.status !== 404) return answer.status !== null;
  return (
    isNotFoundOfGo(answer, NO_RUNNERS) ||
    (isNotFoundOfGo(answer, NOT_FOUND) && isOfGoLivepeer(certificate))
  );
}
