import type { Positions } from '@naap/ingestion';
import { isBehind } from '@naap/ingestion/bus';
import type { StepId } from '@naap/plugin-naap-common';

/**
 * How far what was published has come, by the runs that this process was told of: what the bus held when a commit began is in
 * the lake when it has ended, what the lake held then is in gold after a build, and what gold held is served after a sync.
 */
export class Passage {
  #lake: Positions = new Map();
  #gold: Positions = new Map();
  #served: Positions = new Map();

  /**
   * A run of a step that took all there was has ended well.
   *
   * @param bus - how far the bus was when it began
   * @returns below which positions everything is served now, if that moved
   */
  done(step: StepId, bus: Positions): Positions | undefined {
    switch (step) {
      case 'commit':
        this.#lake = bus;
        return undefined;
      case 'build':
        this.#gold = this.#lake;
        return undefined;
      case 'sync': {
        const moved = isBehind(this.#served, this.#gold);
        this.#served = this.#gold;
        return moved ? this.#served : undefined;
      }
      default:
        return undefined;
    }
  }
}
