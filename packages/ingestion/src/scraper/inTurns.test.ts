import { inTurns } from './inTurns';

const item = (name: string, ...claimants: string[]) => ({ name, claimants });
const namesInTurns = (items: ReturnType<typeof item>[], share = 0) =>
  inTurns(items, ({ claimants }) => claimants, share).map(({ name }) => name);

it('gives everybody his turn, however much one claims', () => {
  const many = Array.from({ length: 1_000 }, (_, i) => item(`a${i}`, 'a'));
  const order = namesInTurns([...many, item('b', 'b'), item('c', 'c')]);
  expect(order.slice(0, 4)).toEqual(['a0', 'b', 'c', 'a1']);
  expect(order).toHaveLength(1_002);
});

it('has each once, of however many claimants', () => {
  expect(
    namesInTurns([item('x', 'a', 'b', 'c'), item('y', 'a'), item('z', 'b')]),
  ).toEqual(['x', 'z', 'y']);
});

it('lets each be the first at some time', () => {
  const items = ['a', 'b', 'c', 'd'].map(name => item(name, name));
  const firsts = [0, 0.25, 0.5, 0.75].map(
    share => namesInTurns(items, share)[0],
  );
  expect(firsts).toEqual(['a', 'b', 'c', 'd']);
});
