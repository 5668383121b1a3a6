export { naapPlugin as default } from './plugin';
