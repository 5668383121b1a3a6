import { ProxiedSignInPage, SignInPage } from '@backstage/core-components';
import {
  configApiRef,
  createFrontendModule,
  useApi,
} from '@backstage/frontend-plugin-api';
import {
  SignInPageBlueprint,
  SignInPageProps,
} from '@backstage/plugin-app-react';

/** Signs in as guest without a click where `app.autoGuestSignIn` is true; else a page with an "Enter" button. */
function GuestSignIn(props: SignInPageProps) {
  const auto = useApi(configApiRef).getOptionalBoolean('app.autoGuestSignIn');
  return auto ? (
    <ProxiedSignInPage {...props} provider="guest" />
  ) : (
    <SignInPage {...props} providers={['guest']} />
  );
}

export const signInModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    SignInPageBlueprint.make({ params: { loader: async () => GuestSignIn } }),
  ],
});
