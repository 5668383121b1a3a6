export {
  targetSource,
  targetText,
  targetValueText,
} from '@naap/plugin-naap-common';
