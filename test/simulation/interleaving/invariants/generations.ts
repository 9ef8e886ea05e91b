import { decodeMessage } from '#core/message/codec.ts';
import type { Life } from '../../plant/faults.ts';
import { type Invariant, keyOf, type World } from '../world.ts';

/** A redrive, a recovery, a replay or a retry by hand makes at most one generation of a delivery. */
export function oneGenerationPerRestart({ violated }: World): Invariant {
  const made = new Set<string>();
  return {
    onDelivery(next, before, life) {
      if (next.generation === (before?.generation ?? 1)) return;
      const restart = `${restartOf(life)} of ${keyOf(next)}`;
      if (made.has(restart)) violated(`${restart} made a second generation: ${next.generation}`);
      made.add(restart);
      if (life.by !== 'api' && life.by !== 'tasks')
        violated(`${life.by} started a generation of ${keyOf(next)}`);
    },
  };
}

/** What asked for the restart: a task, a letter or a request. */
function restartOf({ by, number, message }: Life): string {
  const body = message && decodeMessage(message.body);
  if (body?.kind === 'task') return `task ${body.taskId}`;
  if (body?.kind === 'dead-letter') return `the letter of generation ${body.generation}`;
  return `${by} ${number}`;
}
