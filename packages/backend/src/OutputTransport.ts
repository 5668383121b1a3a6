import { LossyOutput } from '@naap/system';
import Transport from 'winston-transport';

/** Where winston puts the line that an entry of the log became. */
const LINE = Symbol.for('message');

/** The log on its way to stdout; whatever becomes of that, nobody waits and nothing fails. */
export class OutputTransport extends Transport {
  readonly #output: LossyOutput;

  constructor(output: LossyOutput) {
    super();
    this.#output = output;
  }

  override log(info: Record<symbol, unknown>, next: () => void): void {
    this.#output.write(`${info[LINE]}\n`);
    next();
  }
}
