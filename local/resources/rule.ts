import { parseTarget } from '../eventbridge/rules.ts';
import { parseSchedule } from '../eventbridge/schedule-expression.ts';
import { targetInput } from '../eventbridge/target-input.ts';
import { arnOf, physicalName } from '../template/names.ts';
import { localAccount, localRegion } from '../template/pseudo-parameters.ts';
import { list, optionalText } from './property.ts';
import type { ResourceType } from './resource.ts';

/** AWS::Events::Rule with a schedule. `eventbridge/rules.ts` reads the rules with an event pattern. */
export const rule: ResourceType = {
  known: ['EventBusName', 'EventPattern', 'Name', 'ScheduleExpression', 'State', 'Targets'],
  ignored: ['Description', 'RoleArn', 'Tags'],
  create: (resource, world) => {
    const name = optionalText(resource, 'Name') ?? physicalName(world.stackName, resource.logicalId, 64);
    const arn = arnOf('events', `rule/${name}`);
    const expression = optionalText(resource, 'ScheduleExpression');
    if (expression !== undefined && optionalText(resource, 'State') !== 'DISABLED') {
      const targets = list(resource, 'Targets').map((target, i) =>
        parseTarget(target, `${resource.logicalId}.Targets.${i}`),
      );
      world.schedules.push({
        logicalId: resource.logicalId,
        schedule: parseSchedule(expression),
        run: async () => {
          const event = scheduledEvent(arn);
          await Promise.all(
            targets.map((target) => world.deliver(target.arn, targetInput(target, event), arn)),
          );
        },
      });
    }
    return { ref: name, attributes: { Arn: arn } };
  },
};

function scheduledEvent(ruleArn: string): unknown {
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: localAccount,
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region: localRegion,
    resources: [ruleArn],
    detail: {},
  };
}
