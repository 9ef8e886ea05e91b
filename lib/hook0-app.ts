import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Hook0Stack } from './hook0-stack.ts';
import { settingsFromContext } from './settings/parse-settings.ts';

/**
 * The CDK app: settings from the context, one stack per stage, cdk-nag on every synthesis.
 *
 * @throws Error naming every setting that is wrong or unknown
 */
export function createApp(props?: AppProps): { readonly app: App; readonly stack: Hook0Stack } {
  const app = new App(props);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const settings = settingsFromContext(app.node.getAllContext());
  const stack = new Hook0Stack(app, `Hook0-${settings.stage}`, { settings });
  return { app, stack };
}
