import { EventEmitter } from 'node:events';
import { endWithParent } from './supervision';

function portal(connected: boolean) {
  const kill = jest.fn();
  const fake = Object.assign(new EventEmitter(), { connected, kill, pid: 7 });
  endWithParent(fake as unknown as NodeJS.Process);
  return { fake, kill };
}

describe('endWithParent', () => {
  it('ends gently when the parent is gone', () => {
    const { fake, kill } = portal(true);
    expect(kill).not.toHaveBeenCalled();
    fake.emit('disconnect');
    expect(kill).toHaveBeenCalledWith(7, 'SIGTERM');
  });

  it('leaves a portal alone that was started by hand', () => {
    const { fake, kill } = portal(false);
    fake.emit('disconnect');
    expect(kill).not.toHaveBeenCalled();
  });
});
