import { rootHttpRouterServiceFactory as backstageRootHttpRouter } from '@backstage/backend-defaults/rootHttpRouter';
import { Admission } from './Admission';
import { readAllowedHosts } from './allowedHosts';
import { boundSockets } from './boundSockets';
import { Lateness } from './Lateness';
import {
  admit,
  boundGuests,
  denyDevices,
  oneByOne,
  onlyStarted,
  onlyTo,
} from './middleware';

/** Backstage's own, behind what keeps strangers from stopping it. */
export const rootHttpRouterServiceFactory = backstageRootHttpRouter({
  configure({ app, applyDefaults, config, lifecycle, logger, server }) {
    const lateness = new Lateness();
    lifecycle.addShutdownHook(() => lateness.stop());
    boundSockets(server);
    app.disable('x-powered-by');
    app.use(
      oneByOne,
      onlyTo(readAllowedHosts(config)),
      onlyStarted(lifecycle),
      admit(new Admission(() => lateness.ms()), logger),
      denyDevices,
    );
    app.use('/api/auth/guest', boundGuests());
    applyDefaults();
  },
});
