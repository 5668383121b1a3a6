import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarSpace,
} from '@backstage/core-components';
import { createFrontendModule } from '@backstage/frontend-plugin-api';
import {
  NavContentBlueprint,
  NavContentComponentProps,
  NavContentNavItem,
} from '@backstage/plugin-app-react';
import { RiMenuLine } from '@remixicon/react';
import { useLocation } from 'react-router-dom';
import { Logo } from './Logo';

const OTHER_PAGES = ['pipelines', 'lineage', 'quality', 'definitions'].map(
  name => `/naap/${name}`,
);

function NavItem({ href, icon, title }: NavContentNavItem) {
  const { pathname } = useLocation();
  // Other pages of the plugin lie below the Explorer, which is not the current one there.
  const isOfOther = OTHER_PAGES.some(
    page => pathname.startsWith(page) && !href.startsWith(page),
  );
  return (
    <SidebarItem icon={() => icon} to={href} text={title} end={isOfOther} />
  );
}

/** The Explorer first, then what else is installed, settings last. */
function NavContent({ navItems }: NavContentComponentProps) {
  const items = navItems.withComponent(NavItem);
  const naap = [
    'page:naap',
    'page:naap/pipelines',
    'page:naap/lineage',
    'page:naap/quality',
    'page:naap/definitions',
  ].map(id => items.take(id));
  const settings = items.take('page:user-settings');
  // The graph is a view of an entity; without one it has nothing to show.
  items.take('page:catalog-graph');
  return (
    <Sidebar disableExpandOnHover>
      <Logo />
      <SidebarGroup label="Menu" icon={<RiMenuLine />}>
        {naap}
        {items.rest({ sortBy: 'title' })}
        <SidebarSpace />
        <SidebarDivider />
        {settings}
      </SidebarGroup>
    </Sidebar>
  );
}

export const navModule = createFrontendModule({
  pluginId: 'app',
  extensions: [NavContentBlueprint.make({ params: { component: NavContent } })],
});
