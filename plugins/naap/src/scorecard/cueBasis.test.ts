import { cueBasis } from './cueBasis';

const model = (name: string, flops: number | null) => ({
  model: name,
  pipeline: null,
  first_seen_at: null,
  last_seen_at: null,
  flops_per_frame: flops,
});

describe('cueBasis', () => {
  it('names the FLOPs of the models and the GPUs', () => {
    expect(cueBasis([model('sdxl', 2.5e12)], ['RTX 4090'])).toBe(
      'Estimated from the tables of model FLOPs and of GPU peak FLOPS. Models: sdxl 2.5 TFLOPs per frame. GPUs reported: RTX 4090.',
    );
  });

  it('keeps the zeros of whole figures', () => {
    expect(cueBasis([model('big', 100e12)], [])).toContain('big 100 TFLOPs');
  });

  it('says what is not known', () => {
    expect(cueBasis([model('sdxl', null)], [])).toContain(
      'No model here is in the table of FLOPs. No GPU was reported here.',
    );
  });
});
