import { Gate } from './gate';

const door = () => {
  let open = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return { open, opened };
};

it('lets a few in at once, others in their order, and no more than may wait', async () => {
  const gate = new Gate({ atOnce: 2, waiting: 3, patienceMs: 60_000 });
  const { open, opened } = door();
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  const work = (i: number) =>
    gate.pass(async () => {
      most = Math.max(most, ++inside);
      order.push(i);
      await opened;
      inside--;
      return i;
    });
  const answers = [0, 1, 2, 3, 4].map(work);
  await expect(work(5)).rejects.toMatchObject({ name: 'BusyError' });
  open();
  expect(await Promise.all(answers)).toEqual([0, 1, 2, 3, 4]);
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
  expect(await work(6)).toBe(6);
});

it('refuses who waits too long, and goes on without', async () => {
  const gate = new Gate({ atOnce: 1, waiting: 3, patienceMs: 1 });
  const { open, opened } = door();
  const first = gate.pass(() => opened);
  await expect(gate.pass(async () => 2)).rejects.toMatchObject({
    name: 'BusyError',
  });
  open();
  await first;
  expect(await gate.pass(async () => 3)).toBe(3);
});

it('is free again after what failed', async () => {
  const gate = new Gate({ atOnce: 1, waiting: 0, patienceMs: 1 });
  await expect(
    gate.pass(async () => {
      throw new Error('broken');
    }),
  ).rejects.toThrow('broken');
  expect(await gate.pass(async () => 1)).toBe(1);
});
