// The app with a queue that breaks a rule of cdk-nag (no TLS enforcement): synthesizing it must fail.
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { createApp } from '#lib/hook0-app.ts';

const { app, stack } = createApp({
  postCliContext: { 'aws:cdk:bundling-stacks': [] },
  builtinCloudFormationValidation: false,
});
new Queue(stack, 'Bare');
app.synth();
