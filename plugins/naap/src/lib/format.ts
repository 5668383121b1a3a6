/** The words of pages and of the command are the same. */
export {
  cutMiddle,
  durationQuantity,
  formatCount,
  formatCountOf,
  formatDuration,
  formatInterval,
  formatMid,
  formatNumber,
  formatValue,
  NOTHING,
  quantity,
  shortAddress,
} from '@naap/plugin-naap-common';
export type { Quantity } from '@naap/plugin-naap-common';
