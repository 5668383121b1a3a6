import { allPages } from '@naap/plugin-naap-common';
import type { Context } from '../context';
import { withPlatform } from '../withPlatform';
import type { Destination } from './Destination';

/** The platform on a home, opened for each piece of work: portals come and go while a service runs. */
export function platformDestination(context: Context): Destination {
  return {
    reported: () =>
      withPlatform(context, async platform => {
        const pages = await allPages(cursor => platform.inventory({ cursor }));
        return pages.flatMap(({ orchestrators }) => orchestrators);
      }),
    publish: (messages, source) =>
      withPlatform(context, platform => platform.publish(messages, source)),
    close: async () => {},
  };
}
