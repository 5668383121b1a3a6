import { PublicationInterruptedError } from './errors';
import { PublishedState } from './servedState';

/** What is served, and the publications that change it, as those who ask meet them. */
export interface Publications {
  /**
   * What is served, once no publication is under way.
   * @throws PublicationInterruptedError when the tables stay between two builds
   */
  current(): Promise<PublishedState>;
  /** Carries a publication out, and keeps the readers of this process out meanwhile; gives what is served after it. */
  publish(publication: () => Promise<PublishedState>): Promise<PublishedState>;
  /** Resolves when no publication of this process is under way. */
  settled(): Promise<void>;
}

export function interrupted(): PublicationInterruptedError {
  return new PublicationInterruptedError(
    'The last sync was interrupted while it published. Run the sync again: it goes on where it stopped.',
  );
}
