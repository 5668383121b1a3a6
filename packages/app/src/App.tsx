import { createApp } from '@backstage/frontend-defaults';
import apiDocsPlugin from '@backstage/plugin-api-docs/alpha';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import catalogGraphPlugin from '@backstage/plugin-catalog-graph/alpha';
import orgPlugin from '@backstage/plugin-org/alpha';
import searchPlugin from '@backstage/plugin-search/alpha';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';
import naapPlugin from '@naap/plugin-naap';
import { aboutModule } from './modules/about';
import { catalogModule } from './modules/catalog';
import { homeModule } from './modules/home';
import { navModule } from './modules/nav';
import { signInModule } from './modules/signIn';
import { themeModule } from './modules/theme';

/** The portal. Features are listed here and not discovered, so that a build shows what is in it. */
export const app = createApp({
  features: [
    naapPlugin,
    apiDocsPlugin,
    catalogPlugin,
    catalogGraphPlugin,
    orgPlugin,
    searchPlugin,
    userSettingsPlugin,
    aboutModule,
    catalogModule,
    homeModule,
    navModule,
    signInModule,
    themeModule,
  ],
});
