import { mockServices } from '@backstage/backend-test-utils';
import { logPositions } from '@naap/ingestion';
import { FakeSteps } from '../__testUtils__/fakes';
import { look } from './look';

describe('look', () => {
  it('asks each step that tells it how far it is, and stands one that can not', async () => {
    const bus = { positions: async () => logPositions(3) };
    const steps = new FakeSteps(bus);
    const logger = mockServices.logger.mock();
    const broken = {
      ...steps.step('build'),
      progress: async () => {
        throw new Error('no catalog');
      },
    };
    const seen = await look({
      bus,
      steps: [steps.step('scrape'), steps.step('commit'), broken],
      logger,
    });
    expect([...seen]).toEqual([
      ['commit', { source: 'network_events/0:3', taken: '' }],
      ['build', { source: null, taken: null }],
    ]);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });
});
