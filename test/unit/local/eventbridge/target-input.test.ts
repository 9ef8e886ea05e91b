import { describe, expect, it } from 'vitest';
import { targetInput } from '#local/eventbridge/target-input.ts';

const event = {
  detail: { attempts: 5, endpoint: { id: 'ep_1', name: 'Bob "B"' }, tags: ['a', 'b'] },
};

describe('what a target gets', () => {
  const input = (target: object) => targetInput({ arn: 'a', ...target }, event);
  const transform = (template: string) =>
    input({
      inputTransformer: {
        paths: { name: '$.detail.endpoint.name', n: '$.detail.attempts', tag: '$.detail.tags[1]' },
        template,
      },
    });

  it('is the event, a part of it, or a constant', () => {
    expect(input({})).toBe(event);
    expect(input({ inputPath: '$.detail.endpoint.id' })).toBe('ep_1');
    expect(input({ input: '{"fixed":true}' })).toEqual({ fixed: true });
  });

  it('is a filled-in text or JSON', () => {
    expect(transform('"<name> died after <n> attempts"')).toBe('Bob "B" died after 5 attempts');
    expect(transform('{"who": <name>, "n": <n>, "tag": "t:<tag>", "gone": <gone>}')).toEqual({
      who: 'Bob "B"',
      n: 5,
      tag: 't:b',
      gone: null,
    });
    expect(transform('plain <n>')).toBe('plain 5');
  });
});
