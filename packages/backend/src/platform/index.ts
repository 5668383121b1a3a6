export { openPlatform as default } from './openPlatform';
