import { InputError, ServiceUnavailableError } from '@backstage/errors';
import {
  BusyError,
  InvalidQueryError,
  PublicationInterruptedError,
  ServerUnreachableError,
} from '@naap/serving/bounded';

/** Errors of the layers as those that the API has a status for. */
export async function translated<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof InvalidQueryError) throw new InputError(error.message);
    if (
      error instanceof BusyError ||
      error instanceof PublicationInterruptedError ||
      error instanceof ServerUnreachableError
    ) {
      // Without the cause, which Backstage would write into the sentence.
      throw new ServiceUnavailableError(error.message);
    }
    throw error;
  }
}
