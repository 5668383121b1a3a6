/** What whoever brings a part of serving of its own proves it with. For tests alone. */
export { goldSourceContract } from './goldSourceContract';
export type { GoldUnderTest, RowsByDay } from './goldSourceContract';
