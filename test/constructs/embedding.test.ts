import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { Hook0 } from '#lib/hook0.ts';
import { ofType, synthesized } from './synthesized.ts';

const withoutBundling = {
  context: { 'aws:cdk:bundling-stacks': [] },
  analyticsReporting: false,
  builtinCloudFormationValidation: false,
};

function embed(props?: ConstructorParameters<typeof Hook0>[2]) {
  const stack = new Stack(new App(withoutBundling), 'Shop');
  return { stack, hook0: new Hook0(stack, 'Webhooks', props) };
}

describe('Hook0 in a stack of your own', () => {
  it('needs no props', () => {
    const { stack } = embed();

    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 15);
  });

  it('gives tables, queues and the secret the same ids in every stack', () => {
    const ids = Object.keys(Template.fromStack(embed().stack).toJSON().Resources);
    const held = ['AWS::DynamoDB::GlobalTable', 'AWS::SQS::Queue', 'AWS::SecretsManager::Secret'].flatMap(
      (type) => ofType(synthesized(), type).map(([id]) => id),
    );

    expect(ids).toEqual(expect.arrayContaining(held));
    expect(held).toHaveLength(13);
  });

  it('exposes what the rest of the stack may need', () => {
    const { stack, hook0 } = embed();

    expect(stack.resolve(hook0.configTable.tableName)).toEqual({ Ref: 'Hook0ConfigTable' });
    expect(stack.resolve(hook0.eventTable.tableName)).toEqual({ Ref: 'Hook0EventTable' });
    expect(stack.resolve(hook0.adminTokenSecret.secretArn)).toEqual({ Ref: 'Hook0AdminToken' });
    expect(stack.resolve(hook0.queues.deadLetter.queueArn)).toEqual({
      'Fn::GetAtt': ['Hook0DeadLetterQueue', 'Arn'],
    });
    expect(hook0.metricDeadLetters()).toMatchObject({ metricName: 'ApproximateNumberOfMessagesVisible' });
    expect(hook0.metricDeliveryLag('high', { statistic: 'p90' })).toMatchObject({
      metricName: 'ApproximateAgeOfOldestMessage',
      statistic: 'p90',
    });
  });

  it('checks its props as settings', () => {
    expect(() => embed({ retentionDays: 400, stage: 'Live' })).toThrow(
      /invalid stage 'Live': .+\ninvalid retentionDays 400: pass a whole number from 1 to 365/,
    );
  });

  it('keeps data in production', () => {
    const { stack } = embed({ stage: 'production' });

    Template.fromStack(stack).allResources('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Retain' });
  });
});
