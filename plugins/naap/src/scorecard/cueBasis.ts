import { ModelInfo } from '@naap/plugin-naap-common';
import { cutMiddle, formatCount } from '../lib/format';

const MOST_NAMED = 3;

/** What the estimate of CUE rests on: FLOPs per frame of the models, and the GPUs whose peak it is held against. */
export function cueBasis(
  models: readonly ModelInfo[],
  gpus: readonly string[],
): string {
  const known = models.filter(
    (model): model is ModelInfo & { flops_per_frame: number } =>
      model.flops_per_frame !== null,
  );
  const flops = known.map(
    ({ model, flops_per_frame: perFrame }) =>
      `${cutMiddle(model, 40)} ${tera(perFrame)} TFLOPs per frame`,
  );
  return [
    'Estimated from the tables of model FLOPs and of GPU peak FLOPS.',
    flops.length > 0
      ? `Models: ${list(flops)}.`
      : 'No model here is in the table of FLOPs.',
    gpus.length > 0
      ? `GPUs reported: ${list(gpus)}.`
      : 'No GPU was reported here.',
  ].join(' ');
}

function tera(flops: number): string {
  return String(Number((flops / 1e12).toPrecision(3)));
}

function list(texts: readonly string[]): string {
  const rest = texts.length - MOST_NAMED;
  return `${texts.slice(0, MOST_NAMED).join(', ')}${
    rest > 0 ? ` and ${formatCount(rest)} more` : ''
  }`;
}
