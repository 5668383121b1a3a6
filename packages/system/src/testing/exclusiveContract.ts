import {
  acquire,
  type Exclusive,
  exclusively,
  LockedError,
} from '../exclusive/Exclusive';

/**
 * What every `Exclusive` keeps.
 *
 * @param open - two parties that want the same rights, of which nobody has one yet
 */
export function exclusiveContract(
  open: () => Promise<{ one: Exclusive; other: Exclusive }>,
): void {
  let one: Exclusive;
  let other: Exclusive;
  beforeEach(async () => {
    ({ one, other } = await open());
  });

  const right = { what: 'The lake of here', waitMs: 0 };

  it('gives a right to one at a time, and to the next when it is let go', async () => {
    const held = await one.hold('lake');
    expect(held).not.toBeNull();
    expect(await other.hold('lake')).toBeNull();
    expect(await one.hold('lake')).toBeNull();
    await held!.release();
    const next = await other.hold('lake');
    expect(next).not.toBeNull();
    await next!.release();
  });

  it('gives it to one of many who want it at once', async () => {
    const all = await Promise.all(
      [one, other, one, other, one].map(party => party.hold('lake')),
    );
    const held = all.filter(one_ => one_ !== null);
    expect(held).toHaveLength(1);
    await held[0].release();
  });

  it('keeps names apart', async () => {
    const held = await one.hold('lake');
    const another = await other.hold('warehouse');
    expect(another).not.toBeNull();
    await Promise.all([held!.release(), another!.release()]);
  });

  it('takes nothing from the next holder when it is let go a second time', async () => {
    const held = await one.hold('lake');
    await held!.release();
    const next = await other.hold('lake');
    await held!.release();
    expect(await one.hold('lake')).toBeNull();
    await next!.release();
  });

  it('says who has it, and nobody where nobody has', async () => {
    expect(await other.heldBy('lake')).toBeNull();
    const held = await one.hold('lake');
    const by = await other.heldBy('lake');
    expect(by).toEqual(expect.any(String));
    await expect(acquire(other, 'lake', right)).rejects.toThrow(
      `The lake of here is in use by ${by}. Wait until it is done, or stop it.`,
    );
    await held!.release();
    expect(await other.heldBy('lake')).toBeNull();
  });

  it('waits for as long as it is told to', async () => {
    const held = await one.hold('lake');
    const waiting = acquire(other, 'lake', { ...right, waitMs: 60_000 });
    await held!.release();
    const next = await waiting;
    expect(await one.hold('lake')).toBeNull();
    await next.release();
  });

  it('guards work: one after the other, and free again after work that failed', async () => {
    const order: string[] = [];
    let leave = () => {};
    const left = new Promise<void>(resolve => {
      leave = resolve;
    });
    let enter = () => {};
    const entered = new Promise<void>(resolve => {
      enter = resolve;
    });
    const first = exclusively(one, 'lake', right, async () => {
      order.push('first in');
      enter();
      await left;
      order.push('first out');
      throw new Error('disk full');
    });
    await entered;
    const patient = { ...right, waitMs: 60_000 };
    const second = exclusively(other, 'lake', patient, async () =>
      order.push('second'),
    );
    await expect(
      exclusively(other, 'lake', right, async () => order.push('third')),
    ).rejects.toThrow(LockedError);
    leave();
    await expect(first).rejects.toThrow('disk full');
    await second;
    expect(order).toEqual(['first in', 'first out', 'second']);
  });
}
