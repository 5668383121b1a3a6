import type { ScrapeErrorClass } from '@naap/events';

/** Why a probe failed, by the class that the event says. */
export class ProbeError extends Error {
  override name = 'ProbeError';

  constructor(
    readonly errorClass: ScrapeErrorClass,
    /** Of a refused address: the range it lies in. */
    readonly refusal: string | null = null,
  ) {
    super(refusal ? `${errorClass}: ${refusal}` : errorClass);
  }
}
