import type { SimulatedMessage } from './dirt';

/**
 * What is in flight, by the second of its arrival. Messages that arrive in the
 * same millisecond leave in the order in which they were put.
 */
export class ArrivalQueue {
  private readonly seconds = new Map<number, SimulatedMessage[]>();

  put(message: SimulatedMessage): void {
    const second = Math.floor(message.at / 1000);
    const arrivals = this.seconds.get(second);
    if (arrivals) arrivals.push(message);
    else this.seconds.set(second, [message]);
  }

  /** Removes and gives, in order of arrival, all that arrives in a second (unix time). */
  take(second: number): SimulatedMessage[] {
    const arrivals = this.seconds.get(second);
    if (!arrivals) return [];
    this.seconds.delete(second);
    return arrivals.sort((one, other) => one.at - other.at);
  }
}
