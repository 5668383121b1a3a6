import {
  createUnifiedTheme,
  palettes,
  UnifiedThemeProvider,
} from '@backstage/theme';
import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { ThemeBlueprint } from '@backstage/plugin-app-react';
import { RiMoonLine, RiSunLine } from '@remixicon/react';

const sidebar = {
  background: '#14181d',
  indicator: '#3ddc97',
  color: '#b3bac2',
  selectedColor: '#ffffff',
  navItem: { hoverBackground: '#252b32' },
  submenu: { background: '#252b32' },
};

// What is not Backstage UI yet (sidebar, catalog, settings) takes its colours from here; the rest from theme.css.
const light = createUnifiedTheme({
  palette: { ...palettes.light, navigation: sidebar },
});

const dark = createUnifiedTheme({
  palette: {
    ...palettes.dark,
    background: { default: '#121417', paper: '#1a1d21' },
    navigation: { ...sidebar, background: '#0c0e10' },
  },
});

/** Light and dark, with the sidebar of the product. They stand in for the two themes that Backstage brings. */
export const themeModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    ThemeBlueprint.make({
      name: 'light',
      params: {
        theme: {
          id: 'light',
          title: 'Light',
          variant: 'light',
          icon: <RiSunLine />,
          Provider: ({ children }) => (
            <UnifiedThemeProvider theme={light}>
              {children}
            </UnifiedThemeProvider>
          ),
        },
      },
    }),
    ThemeBlueprint.make({
      name: 'dark',
      params: {
        theme: {
          id: 'dark',
          title: 'Dark',
          variant: 'dark',
          icon: <RiMoonLine />,
          Provider: ({ children }) => (
            <UnifiedThemeProvider theme={dark}>{children}</UnifiedThemeProvider>
          ),
        },
      },
    }),
  ],
});
