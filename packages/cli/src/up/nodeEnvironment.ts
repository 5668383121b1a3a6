/**
 * `NODE_ENV` of the portal: as it is set, else development for a simulated network, where there is nothing to protect
 * and everything to try, and production for real events. In production guests only read.
 */
export function nodeEnvironment(
  env: NodeJS.ProcessEnv,
  simulated: boolean,
): 'development' | 'production' {
  switch (env.NODE_ENV) {
    case undefined:
    case '':
      return simulated ? 'development' : 'production';
    case 'development':
      return 'development';
    default:
      return 'production';
  }
}
