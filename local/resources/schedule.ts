import { parseSchedule } from '../eventbridge/schedule-expression.ts';
import { arnOf, physicalName } from '../template/names.ts';
import { fail, object, optionalText, text } from './property.ts';
import type { ResourceType } from './resource.ts';

/** AWS::Scheduler::Schedule in UTC. The permissions of its role are not checked. */
export const schedule: ResourceType = {
  known: ['Name', 'ScheduleExpression', 'ScheduleExpressionTimezone', 'State', 'Target'],
  ignored: ['Description', 'EndDate', 'FlexibleTimeWindow', 'GroupName', 'KmsKeyArn', 'StartDate'],
  create: (resource, world) => {
    const name = optionalText(resource, 'Name') ?? physicalName(world.stackName, resource.logicalId, 64);
    const arn = arnOf('scheduler', `schedule/default/${name}`);
    const zone = optionalText(resource, 'ScheduleExpressionTimezone') ?? 'UTC';
    if (!/^(Etc\/)?UTC$/.test(zone)) fail(resource, 'ScheduleExpressionTimezone', 'UTC');
    const target = object(resource, 'Target');
    const targetArn = target.Arn;
    if (typeof targetArn !== 'string') return fail(resource, 'Target', 'a target with an Arn');
    const input: unknown = JSON.parse(typeof target.Input === 'string' ? target.Input : '{}');
    if (optionalText(resource, 'State') !== 'DISABLED') {
      world.schedules.push({
        logicalId: resource.logicalId,
        schedule: parseSchedule(text(resource, 'ScheduleExpression')),
        run: () => world.deliver(targetArn, input),
      });
    }
    return { ref: name, attributes: { Arn: arn } };
  },
};
